import { findNearest } from '../../diagnostics/find-nearest.js'
import { describeValue } from '../plain-value.js'
import type { KeywordRule } from './keyword-rule.js'

/** Formats of strings that the generated checks know: those of ajv-formats. */
export const STRING_FORMATS: ReadonlySet<string> = new Set([
  'binary',
  'byte',
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'iso-date-time',
  'iso-time',
  'json-pointer',
  'json-pointer-uri-fragment',
  'password',
  'regex',
  'relative-json-pointer',
  'time',
  'uri',
  'uri-reference',
  'uri-template',
  'url',
  'uuid',
])

/** Formats of numbers. They say how others may store one; a double holds every finite number. */
export const NUMBER_FORMATS: ReadonlySet<string> = new Set(['double', 'float'])

/** Formats of integers, with the integers that each allows; those beyond ±(2⁵³−1) a double does not hold. */
export const INTEGER_FORMATS: ReadonlyMap<string, readonly [minimum: number, maximum: number]> = new Map([
  ['int32', [-(2 ** 31), 2 ** 31 - 1]],
  ['int64', [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]],
])

/** The name of a format of strings. */
export const takeStringFormat: KeywordRule = createFormatRule(STRING_FORMATS, '; any other can be a pattern')

/** The name of a format of numbers. */
export const takeNumberFormat: KeywordRule = createFormatRule(NUMBER_FORMATS, ', and those of Type.Integer()')

/** The name of a format of integers. */
export const takeIntegerFormat: KeywordRule = createFormatRule(new Set(INTEGER_FORMATS.keys()), '')

function createFormatRule(known: ReadonlySet<string>, otherwise: string): KeywordRule {
  return (value, position, reporter) => {
    if (typeof value === 'string' && known.has(value)) return value
    const nearest = typeof value === 'string' ? findNearest(value, known) : undefined
    const others = `known are ${[...known].join(', ')}${otherwise}`
    reporter.report(
      'NG3009',
      position,
      `is ${describeValue(value)}, which no check knows`,
      nearest === undefined ? others : `did you mean ${JSON.stringify(nearest)}? ${others}`,
    )
    return undefined
  }
}
