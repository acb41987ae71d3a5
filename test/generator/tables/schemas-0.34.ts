import { Type } from '@sinclair/typebox'

export type { Static } from '@sinclair/typebox'

// As the table beside it, in the older generation of TypeBox.

export const anyValue = Type.Any()
export const unknownValue = Type.Unknown()
export const neverValue = Type.Never()
export const nullValue = Type.Null()
export const booleanValue = Type.Boolean()
export const integerValue = Type.Integer({ minimum: 0, maximum: 5 })
export const stringValue = Type.String({ minLength: 1, maxLength: 3 })
export const literalValue = Type.Literal('a')
export const arrayValue = Type.Array(Type.Number(), { maxItems: 2 })
export const tupleValue = Type.Tuple([Type.String(), Type.Number()])
export const tupleEmpty = Type.Tuple([])
export const objectValue = Type.Object({
  required: Type.String(),
  optional: Type.Optional(Type.Number()),
  readonly: Type.Readonly(Type.Boolean()),
  both: Type.ReadonlyOptional(Type.Null()),
})
export const objectNested = Type.Object({ inner: Type.Optional(objectValue), list: Type.Array(objectValue) })
export const recordString = Type.Record(Type.String(), Type.Number())
export const recordNumber = Type.Record(Type.Number(), Type.String())
export const recordLiterals = Type.Record(Type.Union([Type.Literal('a'), Type.Literal('b')]), Type.Number())
export const unionMixed = Type.Union([Type.String(), Type.Number()])
export const unionLiterals = Type.Union([Type.Literal('x'), Type.Literal(1)])
export const unionDiscriminated = Type.Union([
  Type.Object({ kind: Type.Literal('circle'), radius: Type.Number() }),
  Type.Object({ kind: Type.Literal('square'), side: Type.Number() }),
])
export const intersectValue = Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Number() })])
export const intersectClosed = Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Number() })], {
  unevaluatedProperties: false,
})
export const keysValue = Type.KeyOf(objectValue)
export const partialValue = Type.Partial(objectValue)
export const recursiveValue = Type.Recursive((This) => Type.Object({ name: Type.String(), children: Type.Array(This) }))
export const recursiveHolder = Type.Object({ tree: Type.Optional(recursiveValue) })
const module = Type.Module({
  Node: Type.Object({ id: Type.String(), nodes: Type.Array(Type.Ref('Node')) }),
  Nodes: Type.Array(Type.Ref('Node')),
})
export const Node = module.Import('Node')
export const Nodes = module.Import('Nodes')
