import type { JsonSchema } from '../json.js'
import { INTEGER_FORMATS, takeIntegerFormat, takeNumberFormat, takeStringFormat } from '../keywords/format.js'
import { type KeywordRule, takeCount, takeNumber, takePositiveNumber, takeText } from '../keywords/keyword-rule.js'
import { takePattern } from '../keywords/pattern.js'
import { enterPart } from '../position.js'
import { createKeywordType, type KeywordTypeName } from '../type-node.js'
import type { KindRule } from './kind-rule.js'

const NUMBER_LIMITS: Readonly<Record<string, KeywordRule>> = {
  exclusiveMinimum: takeNumber,
  exclusiveMaximum: takeNumber,
  multipleOf: takePositiveNumber,
}

/** Any value at all. */
export const ANY: KindRule = createScalarRule('any', {})

/** Any value at all, whose type the receiver has to find out. */
export const UNKNOWN: KindRule = createScalarRule('unknown', {})

/** No value. */
export const NEVER: KindRule = { ...createScalarRule('never', { not: {} }), structure: ['not'] }

/** null. */
export const NULL: KindRule = createScalarRule('null', { type: 'null' })

/** true or false. */
export const BOOLEAN: KindRule = createScalarRule('boolean', { type: 'boolean' })

/** A finite number. */
export const NUMBER: KindRule = createScalarRule(
  'number',
  { type: 'number' },
  { minimum: takeNumber, maximum: takeNumber, ...NUMBER_LIMITS, format: takeNumberFormat },
)

/** A whole number that a double holds exactly: beyond ±(2⁵³−1) JSON.parse rounds, so such numbers are refused. */
export const INTEGER: KindRule = {
  limits: { ...NUMBER_LIMITS, format: takeIntegerFormat },
  structure: ['minimum', 'maximum'],
  read({ keywords }, position, reader) {
    const [lowest, highest] = INTEGER_FORMATS.get(String(keywords.get('format'))) ?? SAFE_INTEGERS
    const minimum = takeNumber(keywords.get('minimum') ?? lowest, enterPart(position, 'minimum'), reader)
    const maximum = takeNumber(keywords.get('maximum') ?? highest, enterPart(position, 'maximum'), reader)
    if (typeof minimum !== 'number' || typeof maximum !== 'number') return undefined
    const bounds = { minimum: Math.max(minimum, lowest), maximum: Math.min(maximum, highest) }
    return { type: createKeywordType('number'), schema: { type: 'integer', ...bounds } }
  },
}

const SAFE_INTEGERS = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const

/** A text. */
export const STRING: KindRule = createScalarRule(
  'string',
  { type: 'string' },
  {
    minLength: takeCount,
    maxLength: takeCount,
    pattern: takePattern,
    format: takeStringFormat,
    contentEncoding: takeText,
    contentMediaType: takeText,
  },
)

function createScalarRule(
  keyword: KeywordTypeName,
  schema: JsonSchema,
  limits: Readonly<Record<string, KeywordRule>> = {},
): KindRule {
  const reading = { type: createKeywordType(keyword), schema }
  return { limits, read: () => reading }
}
