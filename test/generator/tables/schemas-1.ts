import { Type } from 'typebox'

export type { Static } from 'typebox'

// One export per case. Every export becomes a named type, so cases that use another export are printed with its name.

export const anyValue = Type.Any()
export const unknownValue = Type.Unknown()
export const neverValue = Type.Never()
export const nullValue = Type.Null()
export const booleanValue = Type.Boolean()
export const numberValue = Type.Number({ minimum: -2, exclusiveMaximum: 10, multipleOf: 0.5 })
export const integerValue = Type.Integer({ minimum: 0, maximum: 5 })
export const int32Value = Type.Integer({ format: 'int32' })
export const stringValue = Type.String({ minLength: 1, maxLength: 3 })
export const patternValue = Type.String({ pattern: '^[a-c]+$' })
export const regExpPattern = Type.String({ pattern: /^\p{Lu}\/?$/u })
export const literalString = Type.Literal('it\'s "quoted" \u2028 </script> `x`')
export const literalNumber = Type.Literal(-1.5)
export const literalBoolean = Type.Literal(true)
export const enumValues = Type.Enum(['a', 'b', 3])
export const enumOne = Type.Enum(['only'])
export const arrayValue = Type.Array(Type.String(), { minItems: 1, maxItems: 3, uniqueItems: true })
export const arrayOfUnion = Type.Array(Type.Union([Type.String(), Type.Null()]))
export const arrayWithContains = Type.Array(Type.Number(), {
  contains: Type.Literal(1),
  minContains: 1,
  maxContains: 2,
})
export const immutableArray = Type.Immutable(Type.Array(Type.Array(Type.Number())))
export const arrayOfImmutable = Type.Array(Type.Immutable(Type.Array(Type.Number())))
export const tupleValue = Type.Tuple([Type.String(), Type.Number()])
export const tupleEmpty = Type.Tuple([])
export const tupleOptional = Type.Tuple([Type.String(), Type.Optional(Type.Union([Type.Number(), Type.Null()]))])
export const tupleRest = Type.Tuple([Type.String(), Type.Rest(Type.Array(Type.Union([Type.Number(), Type.Null()])))])
export const tupleImmutable = Type.Immutable(Type.Tuple([Type.Boolean()]))
export const objectEmpty = Type.Object({})
export const objectValue = Type.Object({
  required: Type.String(),
  optional: Type.Optional(Type.Number()),
  readonly: Type.Readonly(Type.Boolean()),
  both: Type.Optional(Type.Readonly(Type.Null())),
})
export const objectClosed = Type.Object({ a: Type.String() }, { additionalProperties: false, minProperties: 1 })
export const objectOpenTyped = Type.Object({ a: Type.String() }, { additionalProperties: Type.Number() })
export const objectNested = Type.Object({ list: Type.Array(Type.Object({ deep: Type.Optional(objectValue) })) })
export const objectNastyKeys = Type.Object({
  'a b': Type.Null(),
  '0': Type.Null(),
  new: Type.Null(),
  constructor: Type.Null(),
  toString: Type.Null(),
  description: Type.Null(),
  properties: Type.Null(),
  "it's": Type.Null(),
  '*/': Type.Null(),
  ключ: Type.Null(),
})
export const recordString = Type.Record(Type.String(), Type.Number())
export const recordNumber = Type.Record(Type.Number(), Type.String(), { additionalProperties: false })
export const recordInteger = Type.Record(Type.Integer(), Type.Boolean())
export const recordLiterals = Type.Record(Type.Union([Type.Literal('a'), Type.Literal('b')]), Type.Number())
export const unionMixed = Type.Union([Type.String(), Type.Number(), Type.Array(Type.Boolean())])
export const unionLiterals = Type.Union([Type.Literal('x'), Type.Literal(1), Type.Literal(false)])
export const unionOne = Type.Union([Type.String()])
export const unionNone = Type.Union([])
export const unionDiscriminated = Type.Union([
  Type.Object({ kind: Type.Literal('circle'), radius: Type.Number() }),
  Type.Object({ kind: Type.Literal('square'), side: Type.Number() }, { additionalProperties: false }),
])
export const Circle = Type.Object({ shape: Type.Literal('circle'), radius: Type.Number() })
export const Square = Type.Object({ shape: Type.Literal('square'), side: Type.Number() })
export const unionOfNamed = Type.Union([Circle, Square])
export const unionOptionalTag = Type.Union([
  Type.Object({ kind: Type.Optional(Type.Literal('a')) }),
  Type.Object({ kind: Type.Literal('b') }),
])
export const intersectValue = Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Number() })])
export const intersectClosed = Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Number() })], {
  unevaluatedProperties: false,
})
export const intersectOfUnions = Type.Intersect([Type.Union([Circle, Square]), Type.Object({ id: Type.String() })])
export const intersectNone = Type.Intersect([])
export const optionalNamed = Type.Object({ circle: Type.Optional(Circle), squares: Type.Array(Square) })
export const partialValue = Type.Partial(Circle)
export const pickedValue = Type.Pick(objectValue, ['required', 'optional'])
export const keysValue = Type.KeyOf(Circle)
export const Tree = Type.Cyclic(
  { Tree: Type.Object({ name: Type.String(), children: Type.Array(Type.Ref('Tree')) }) },
  'Tree',
)
export const forest = Type.Array(Tree)
export const aliasOfCyclic = Type.Cyclic({ Link: Type.Object({ next: Type.Optional(Type.Ref('Link')) }) }, 'Link')
export const { Expression, Sum } = Type.Module({
  Expression: Type.Union([Type.Number(), Type.Ref('Sum')]),
  Sum: Type.Object({ left: Type.Ref('Expression'), right: Type.Ref('Expression') }),
})
export const thisValue = Type.Object({ id: Type.String(), replies: Type.Array(Type.This()) })
export const scriptValue = Type.Script('{ x: number, y?: string[] } | null')
