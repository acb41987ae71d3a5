import { CodecError } from '../codec/codec-error.js'
import { decodeValue } from '../codec/decode-value.js'
import { encodeValue } from '../codec/encode-value.js'
import { refuse } from '../errors/refuse.js'
import { findUnencodable } from '../wire/find-unencodable.js'
import { explainViolations } from './explain-violations.js'
import type { ConnectionChecks, Validate } from './validate.js'

/** Which value of a call is checked. */
export type Part = 'input' | 'output'

/**
 * Throws where a value is not what the schema declares: `invalid_argument` for an input, which no handler has seen yet;
 * `internal` for an output, whose handler has run.
 */
export function checkValue(tag: string, part: Part, validate: Validate | null, value: unknown): void {
  // A connection without the part sends null and reads nothing.
  if (validate === null || isValid(tag, part, validate, value)) return
  throw refusePart(tag, part, explainViolations(validate.errors ?? [], value))
}

/** Throws as `checkValue` does where JSON would lose, change or refuse a part of the value. */
export function checkEncodable(tag: string, part: Part, value: unknown): void {
  const found = findUnencodable(value)
  if (found === undefined) return
  throw refusePart(tag, part, found.pointer === '' ? found.problem : `at ${found.pointer} ${found.problem}`)
}

function isValid(tag: string, part: Part, validate: Validate, value: unknown): boolean {
  try {
    return validate(value)
  } catch (error) {
    // A recursive check follows a value that holds itself until the stack ends.
    if (error instanceof RangeError) throw refusePart(tag, part, 'it is nested too deeply, or holds itself')
    throw error
  }
}

/** The form in which a value of the application travels, checked. Throws as `checkValue` does. */
export function encodePart(tag: string, part: Part, checks: ConnectionChecks, value: unknown): unknown {
  const plan = checks.codecs?.[part] ?? null
  const encoded = plan === null ? value : convert(tag, part, () => encodeValue(plan, value))
  checkValue(tag, part, checks[part], encoded)
  return encoded
}

/** The application's form of what travelled, checked. Throws as `checkValue` does. */
export function decodePart(tag: string, part: Part, checks: ConnectionChecks, value: unknown): unknown {
  checkValue(tag, part, checks[part], value)
  const plan = checks.codecs?.[part] ?? null
  return plan === null ? value : convert(tag, part, () => decodeValue(plan, value))
}

function convert(tag: string, part: Part, run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    if (error instanceof CodecError) throw refusePart(tag, part, error.message, error.cause)
    throw error
  }
}

function refusePart(tag: string, part: Part, problem: string, cause?: unknown): Error {
  const options = cause === undefined ? {} : { cause }
  return part === 'input'
    ? refuse('invalid_argument', `input of ${tag} is refused: ${problem}`, options)
    : refuse('internal', `output of ${tag} is refused: ${problem}`, { ...options, maybeExecuted: true })
}
