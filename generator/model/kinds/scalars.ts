import type { JsonSchema } from '../json.js'
import { takeNumberFormat, takeStringFormat } from '../keywords/format.js'
import { type KeywordRule, takeCount, takeNumber, takePositiveNumber, takeText } from '../keywords/keyword-rule.js'
import { takePattern } from '../keywords/pattern.js'
import { enterPart } from '../position.js'
import { createKeywordType, type KeywordTypeName } from '../type-node.js'
import type { KindRule } from './kind-rule.js'

const RANGE_LIMITS: Readonly<Record<string, KeywordRule>> = { minimum: takeNumber, maximum: takeNumber }

const NUMBER_LIMITS: Readonly<Record<string, KeywordRule>> = {
  exclusiveMinimum: takeNumber,
  exclusiveMaximum: takeNumber,
  multipleOf: takePositiveNumber,
  format: takeNumberFormat,
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
export const NUMBER: KindRule = createScalarRule('number', { type: 'number' }, { ...RANGE_LIMITS, ...NUMBER_LIMITS })

/** A whole number that a double holds exactly: beyond ±(2⁵³−1) JSON.parse rounds, so such numbers are refused. */
export const INTEGER: KindRule = {
  limits: NUMBER_LIMITS,
  structure: ['minimum', 'maximum'],
  read({ keywords }, position, reader) {
    const minimum = readBound('minimum', Number.MIN_SAFE_INTEGER)
    const maximum = readBound('maximum', Number.MAX_SAFE_INTEGER)
    if (minimum === undefined || maximum === undefined) return undefined
    return { type: createKeywordType('number'), schema: { type: 'integer', minimum, maximum } }

    function readBound(keyword: string, safe: number): number | undefined {
      const value = keywords.get(keyword) ?? safe
      const bound = takeNumber(value, enterPart(position, keyword), reader)
      return typeof bound === 'number' && Math.abs(bound) > Math.abs(safe) ? safe : (bound as number | undefined)
    }
  },
}

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
