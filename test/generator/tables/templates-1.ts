import { Type } from 'typebox'

export type { Static } from 'typebox'

// One export per case, as in schemas-1.ts.

export const fixedText = Type.TemplateLiteral('abc')
export const emptyText = Type.TemplateLiteral('')
export const anyText = Type.TemplateLiteral('${string}')
export const textBehind = Type.TemplateLiteral('a${string}')
export const textBetween = Type.TemplateLiteral('a${string}-${string}.', { maxLength: 32 })
export const numberInside = Type.TemplateLiteral('v${number}')
export const versionInside = Type.TemplateLiteral('v${number}.${integer}')
export const bigintInside = Type.TemplateLiteral('${bigint}')
export const booleanInside = Type.TemplateLiteral('is ${boolean}')
export const choiceInside = Type.TemplateLiteral('a.${"x" | "y" | 1}.b')
export const choiceOfSlots = Type.TemplateLiteral([Type.Literal('n'), Type.Union([Type.Number(), Type.Literal('one')])])
export const specialText = Type.TemplateLiteral([Type.Literal('[a]+.\\?{2}^*`\u2028/</'), Type.String()])
export const nestedTemplate = Type.TemplateLiteral([Type.TemplateLiteral('x${string}'), Type.Literal('z')])
export const enumInside = Type.TemplateLiteral([Type.Enum(['p', 'q']), Type.Literal('/')])
export const ofTemplates = Type.Union([textBehind, Type.TemplateLiteral('b${number}')])
export const holder = Type.Object({ key: textBehind, keys: Type.Array(choiceInside) })
export const keysOfTemplate = Type.Record(Type.TemplateLiteral('x-${string}'), Type.Number())
export const keysOfChoice = Type.Record(Type.TemplateLiteral('${"a" | "b"}-${number}'), Type.Null())
export const keysOfFixed = Type.Record(Type.TemplateLiteral('a${"x" | "y"}'), Type.Number())
export const keysClosed = Type.Record(Type.TemplateLiteral('x-${string}'), Type.Number(), {
  additionalProperties: false,
})
