import { Type } from 'typebox'

export type { Static } from 'typebox'

// What TypeBox computes before anybody reads it. One export per case, as in schemas-1.ts.

const note = Type.Object({ id: Type.String(), size: Type.Optional(Type.Number()), at: Type.Readonly(Type.Null()) })
const letters = Type.Union([Type.Literal('a'), Type.Literal('b'), Type.Literal('c')])

export const partial = Type.Partial(note)
export const requiredAll = Type.Required(note)
export const picked = Type.Pick(note, ['id', 'size'])
export const omitted = Type.Omit(note, ['id'])
export const keys = Type.KeyOf(note)
export const indexed = Type.Index(note, Type.Literal('id'))
export const indexedAll = Type.Index(note, Type.KeyOf(note))
export const indexedArray = Type.Index(Type.Array(Type.String()), Type.Number())
export const conditional = Type.Conditional(Type.Literal('a'), Type.String(), Type.Number(), Type.Null())
export const mapped = Type.Mapped(
  Type.Identifier('K'),
  Type.KeyOf(note),
  Type.Ref('K'),
  Type.Index(note, Type.Ref('K')),
)
export const excluded = Type.Exclude(letters, Type.Literal('a'))
export const extracted = Type.Extract(Type.Union([Type.String(), Type.Number()]), Type.String())
export const nonNullable = Type.NonNullable(Type.Union([Type.String(), Type.Null()]))
export const capitalized = Type.Capitalize(Type.Literal('abc'))
export const uppercased = Type.Uppercase(letters)
export const returned = Type.ReturnType(Type.Function([Type.String()], Type.Number()))
export const parameters = Type.Parameters(Type.Function([Type.String(), Type.Number()], Type.Null()))
export const evaluated = Type.Evaluate(Type.Intersect([note, Type.Object({ by: Type.String() })]))
export const inherited = Type.Interface([note], { by: Type.String() })
export const readonlyAll = Type.ReadonlyType(note)
export const called = Type.Call(
  Type.Generic([Type.Parameter('T')], Type.Object({ items: Type.Array(Type.Ref('T')) })),
  [Type.String()],
)
export const script = Type.Script('{ a: 1 | "b", c?: readonly string[], d: [number, string?] } & { e: `x${number}` }')
export const scriptLimits = Type.Script('{ name: string with { minLength: 2 } }')
export const scriptRecord = Type.Script('{ [key: string]: number }')
export const { ScriptTree } = Type.Script('type ScriptTree = { children: ScriptTree[] }')
export const dependent = Type.Dependent(Type.Literal('a'), Type.String(), Type.Number())
export const dependentObjects = Type.Dependent(
  Type.Object({ kind: Type.Literal('a') }),
  Type.Object({ size: Type.Number() }),
  Type.Union([Type.Null(), Type.Object({ kind: Type.Literal('a') }), Type.Object({ kind: Type.Literal('b') })]),
)
export const sameTwice = Type.Union([Type.String(), Type.String(), Type.Null()])
export const literalTwice = Type.Union([Type.Literal('a'), Type.Literal('b'), Type.Literal('a')])
export const enumTwice = Type.Enum(['a', 'a', 1])
export const unionInUnion = Type.Union([Type.Literal('a'), Type.Union([Type.Literal('b'), Type.Null()])])
export const noKeys = Type.Record(Type.Never(), Type.Null())
export const booleanKeys = Type.Record(Type.Boolean(), Type.Null())
export const enumKeys = Type.Record(Type.Enum(['a', 'b']), Type.Null())
export const numberKeys = Type.Record(Type.Union([Type.Literal(1), Type.Literal(2)]), Type.Null())
export const anyKeys = Type.Record(Type.Any(), Type.Null())
export const patternKeys = Type.Record(Type.String({ pattern: '^[a-c]+$' }), Type.Number(), {
  additionalProperties: false,
})
export const typedRest = Type.Object(
  { a: Type.Null() },
  { patternProperties: { '^x': Type.Number() }, additionalProperties: Type.String(), maxProperties: 4 },
)
