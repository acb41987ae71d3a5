import { refuse } from '../errors/refuse.js'
import { findUnencodable } from '../wire/find-unencodable.js'
import { explainViolations } from './explain-violations.js'
import type { Validate } from './validate.js'

/** Which value of a call is checked. */
export type Part = 'input' | 'output'

/**
 * Throws where a value is not what the schema declares: `invalid_argument` for an input, which no handler has seen yet;
 * `internal` for an output, whose handler has run.
 */
export function checkValue(tag: string, part: Part, validate: Validate | null, value: unknown): void {
  // A connection without the part sends null and reads nothing.
  if (validate === null || validate(value)) return
  throw refusePart(tag, part, explainViolations(validate.errors ?? [], value))
}

/** Throws as `checkValue` does where JSON would lose, change or refuse a part of the value. */
export function checkEncodable(tag: string, part: Part, value: unknown): void {
  const found = findUnencodable(value)
  if (found === undefined) return
  throw refusePart(tag, part, found.pointer === '' ? found.problem : `at ${found.pointer} ${found.problem}`)
}

function refusePart(tag: string, part: Part, problem: string): Error {
  return part === 'input'
    ? refuse('invalid_argument', `input of ${tag} is refused: ${problem}`)
    : refuse('internal', `output of ${tag} is refused: ${problem}`, { maybeExecuted: true })
}
