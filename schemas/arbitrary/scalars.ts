import { type Arbitrary, fc } from './fast-check.js'
import { FORMATS } from './formats.js'
import { type LiveSchema, readNumber } from './live-schema.js'
import { refuse, type Scope } from './scope.js'

/** Any values that JSON keeps: no −0, and no key that every message is refused for. */
export const JSON_VALUES: Arbitrary<unknown> = fc
  .jsonValue()
  .map((value) => JSON.stringify(value))
  .filter((text) => !text.includes('"__proto__"'))
  .map((text) => JSON.parse(text) as unknown)

/** Texts of a length, pattern and format. Length counts code points, as JSON Schema does. */
export function makeTexts(schema: LiveSchema, scope: Scope): Arbitrary<string> {
  const minLength = readNumber(schema, 'minLength') ?? 0
  const maxLength = readNumber(schema, 'maxLength')
  const { format } = schema
  const pattern = readPattern(schema, scope)
  const limits = { minLength, ...(maxLength !== undefined && { maxLength }) }
  if (pattern === undefined && format === undefined) return fc.string({ unit: 'binary', ...limits })
  const made = pattern === undefined ? makeFormatted(format, scope) : makeMatching(pattern, scope)
  return made.filter((text) => {
    const { length } = Array.from(text)
    return length >= minLength && length <= (maxLength ?? Number.POSITIVE_INFINITY)
  })
}

/** Texts that match a pattern. What a pattern without an end lets follow is short. */
export function makeMatching(pattern: RegExp, scope: Scope): Arbitrary<string> {
  try {
    return fc.stringMatching(pattern, { size: '-1' })
  } catch {
    return refuse(scope, `has the pattern ${pattern}, for which no values can be made`)
  }
}

/** A pattern's text as a regular expression. */
export function toPattern(pattern: string, scope: Scope): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return refuse(scope, `has the pattern ${JSON.stringify(pattern)}, which is no regular expression under the u flag`)
  }
}

function makeFormatted(format: unknown, scope: Scope): Arbitrary<string> {
  return FORMATS.get(String(format)) ?? refuse(scope, `has the format ${JSON.stringify(format)}, which no check knows`)
}

function readPattern(schema: LiveSchema, scope: Scope): RegExp | undefined {
  const { pattern, format } = schema
  if (pattern === undefined) return undefined
  if (format !== undefined) refuse(scope, 'has a pattern and a format, for which no values can be made')
  if (pattern instanceof RegExp) return toPattern(pattern.source, scope)
  const isPlainTemplate = schema['~kind'] === 'TemplateLiteral'
  return toPattern(isPlainTemplate ? escapeTemplate(String(pattern)) : String(pattern), scope)
}

/** Escapes the fixed text of a template, which TypeBox 1.x does not. A bigint's text has no n behind it, as it has there. */
function escapeTemplate(pattern: string): string {
  const inside = pattern.slice(1, -1).replace(SLOT_OR_SPECIAL, (found, slot?: string) => {
    return slot === undefined ? `\\${found}` : slot.replace(/n$/, '')
  })
  return `^${inside}$`
}

const SLOT_OR_SPECIAL = /(\.\*|-\?\(\?:0\|\[1-9\]\[0-9\]\*\)(?:\(\?:\\\.\[0-9\]\+\)\?|n)?)|[\\^.*+?[\]{}/]/g

/** Finite numbers within limits; no −0, which JSON does not keep. */
export function makeNumbers(schema: LiveSchema): Arbitrary<number> {
  const multipleOf = readNumber(schema, 'multipleOf')
  if (multipleOf !== undefined) return makeMultiples(schema, multipleOf)
  const least = readNumber(schema, 'exclusiveMinimum')
  const most = readNumber(schema, 'exclusiveMaximum')
  const min = Math.max(readNumber(schema, 'minimum') ?? -Number.MAX_VALUE, least ?? -Number.MAX_VALUE)
  const max = Math.min(readNumber(schema, 'maximum') ?? Number.MAX_VALUE, most ?? Number.MAX_VALUE)
  const bounds = { min, max, minExcluded: least === min, maxExcluded: most === max }
  return fc.double({ ...bounds, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
}

/** Whole numbers that a double holds exactly, within limits. */
export function makeIntegers(schema: LiveSchema): Arbitrary<number> {
  const multipleOf = readNumber(schema, 'multipleOf')
  if (multipleOf !== undefined) return makeMultiples(schema, multipleOf).filter(Number.isSafeInteger)
  return fc.integer(findWholeBounds(schema, 1))
}

function makeMultiples(schema: LiveSchema, step: number): Arbitrary<number> {
  // A product can miss its multiple by a rounding error, as 3 × 0.1 does.
  return fc
    .integer(findWholeBounds(schema, step))
    .map((count) => count * step)
    .filter((value) => Number.isInteger(value / step))
}

/** The least and greatest whole number that fits when it is multiplied by a step. */
function findWholeBounds(schema: LiveSchema, step: number): { min: number; max: number } {
  const [lowest, highest] = schema['format'] === 'int32' ? INT32 : SAFE
  const atLeast = [readNumber(schema, 'minimum'), readNumber(schema, 'exclusiveMinimum')] as const
  const atMost = [readNumber(schema, 'maximum'), readNumber(schema, 'exclusiveMaximum')] as const
  const above = (limit: number | undefined): number => (limit === undefined ? lowest : Math.floor(limit / step) + 1)
  const below = (limit: number | undefined): number => (limit === undefined ? highest : Math.ceil(limit / step) - 1)
  return {
    min: Math.max(lowest, Math.ceil((atLeast[0] ?? lowest * step) / step), above(atLeast[1])),
    max: Math.min(highest, Math.floor((atMost[0] ?? highest * step) / step), below(atMost[1])),
  }
}

const INT32 = [-(2 ** 31), 2 ** 31 - 1] as const
const SAFE = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const
