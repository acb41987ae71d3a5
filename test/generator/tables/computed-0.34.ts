import { Type } from '@sinclair/typebox'

export type { Static } from '@sinclair/typebox'

// As the tables beside it, in the older generation of TypeBox.

const note = Type.Object({ id: Type.String(), size: Type.Optional(Type.Number()), at: Type.Readonly(Type.Null()) })
const letters = Type.Union([Type.Literal('a'), Type.Literal('b'), Type.Literal('c')])

export const fixedText = Type.TemplateLiteral('a.b')
export const textBehind = Type.TemplateLiteral('a.${string}')
export const numberInside = Type.TemplateLiteral('v${number}')
export const booleanInside = Type.TemplateLiteral('${boolean}?')
export const choiceInside = Type.TemplateLiteral('a${x|y}(')
export const choiceOfTemplates = Type.TemplateLiteral([
  Type.Union([Type.TemplateLiteral('x${string}'), Type.Literal('y.')]),
  Type.Literal('$z'),
])
export const keysOfTemplate = Type.Record(Type.TemplateLiteral('x.${string}'), Type.Number())
export const keysOfFixed = Type.Record(Type.TemplateLiteral('a${x|y}'), Type.Number())
export const requiredAll = Type.Required(note)
export const picked = Type.Pick(note, ['id', 'size'])
export const omitted = Type.Omit(note, ['id'])
export const indexed = Type.Index(note, ['id'])
export const composed = Type.Composite([note, Type.Object({ by: Type.String() })])
export const mapped = Type.Mapped(Type.KeyOf(note), () => Type.Boolean())
export const excluded = Type.Exclude(letters, Type.Literal('a'))
export const extended = Type.Extends(Type.Literal('a'), Type.String(), Type.Number(), Type.Null())
export const uppercased = Type.Uppercase(letters)
export const returned = Type.ReturnType(Type.Function([Type.String()], Type.Number()))
export const awaited = Type.Awaited(Type.Promise(Type.String()))
export const constant = Type.Const({ a: 1, b: ['x'] } as const)
export const literalTwice = Type.Union([Type.Literal('a'), Type.Literal('a')])
export const patternKeys = Type.Record(Type.String({ pattern: '^[a-c]+$' }), Type.Number(), {
  additionalProperties: false,
})
