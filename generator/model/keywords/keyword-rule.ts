import type { LoadedValue } from '../../load/loaded-schema.js'
import type { JsonValue } from '../json.js'
import { describeValue, readPlainValue } from '../plain-value.js'
import type { Position } from '../position.js'
import type { Reporter } from '../reporter.js'

/** Checks one keyword's value and makes it JSON. Answers undefined where it reported a mistake. */
export type KeywordRule = (value: LoadedValue, position: Position, reporter: Reporter) => JsonValue | undefined

/** A finite number. */
export const takeNumber: KeywordRule = createRule('a finite number', (value) => typeof value === 'number')

/** A finite number above 0. */
export const takePositiveNumber: KeywordRule = createRule(
  'a number above 0',
  (value) => typeof value === 'number' && value > 0,
)

/** A number of things. */
export const takeCount: KeywordRule = createRule(
  'a whole number from 0',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
)

/** true or false. */
export const takeBoolean: KeywordRule = createRule('true or false', (value) => typeof value === 'boolean')

/** A text. */
export const takeText: KeywordRule = createRule('a string', (value) => typeof value === 'string')

/** Any value of JSON. */
export const takeJson: KeywordRule = (value, position, reporter) => {
  const plain = readPlainValue(value)
  if ('json' in plain) return plain.json
  reporter.report('NG3015', position, `holds ${plain.found}, which JSON cannot hold`, 'write a value of JSON')
  return undefined
}

function createRule(wanted: string, isRight: (value: LoadedValue) => boolean): KeywordRule {
  return (value, position, reporter) => {
    if (isRight(value)) return value as JsonValue
    reporter.report('NG3006', position, `is ${describeValue(value)}, not ${wanted}`, `write ${wanted}`)
    return undefined
  }
}
