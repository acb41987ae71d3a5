import { CodecError } from '../codec/codec-error.js'
import type { CodecPlan } from '../codec/codec-plan.js'
import { decodeValue } from '../codec/decode-value.js'
import { encodeValue } from '../codec/encode-value.js'
import { convertWithinBudget } from '../codec/object-budget.js'
import { refuseMisfit } from '../errors/refuse.js'
import { findUnencodable } from '../wire/find-unencodable.js'
import { explainViolations } from './explain-violations.js'
import type { Validate } from './validate.js'

/** Which value of a call is checked. */
export type Part = 'input' | 'output'

/** The same, or the one of an event or a flag. */
export type AnyPart = Part | 'payload' | 'data'

/** What one part is checked by: the checks of a connection, an event or a flag. */
export type PartChecks<Name extends AnyPart> = { readonly [Key in Name]: Validate | null } & {
  readonly codecs?: { readonly [Key in Name]: CodecPlan | null }
}

/** A part of a call, an event's payload or a flag's data, in words; with `index`, which counts from 0, one item of a stream. */
export function namePart(tag: string, part: AnyPart, index?: number): string {
  return index === undefined ? `${part} of ${tag}` : `item ${index} of the ${part} of ${tag}`
}

/**
 * Throws where a value is not what the schema declares: `invalid_argument` for an input or a payload; `internal` for an output or a
 * flag's data, whose handler has run. With `index` the value is one item of a stream, which only a handler that runs asks for.
 */
export function checkValue(
  tag: string,
  part: AnyPart,
  validate: Validate | null,
  value: unknown,
  index?: number,
): void {
  // A connection without the part sends null and reads nothing.
  if (validate === null || isValid(tag, part, validate, value, index)) return
  throw refusePart(tag, part, index, explainViolations(validate.errors ?? [], value))
}

/** Throws as `checkValue` does where JSON would lose, change or refuse a part of the value. */
export function checkEncodable(tag: string, part: AnyPart, value: unknown, index?: number): void {
  const found = findUnencodable(value)
  if (found === undefined) return
  throw refusePart(tag, part, index, found.pointer === '' ? found.problem : `at ${found.pointer} ${found.problem}`)
}

function isValid(tag: string, part: AnyPart, validate: Validate, value: unknown, index?: number): boolean {
  try {
    return validate(value)
  } catch (error) {
    // A recursive check follows a value that holds itself until the stack ends.
    if (error instanceof RangeError) throw refusePart(tag, part, index, 'it is nested too deeply, or holds itself')
    throw error
  }
}

/** The form in which a value of the application travels, checked. Throws as `checkValue` does. */
export function encodePart<Name extends AnyPart>(
  tag: string,
  part: Name,
  checks: PartChecks<Name>,
  value: unknown,
  index?: number,
): unknown {
  const plan = checks.codecs?.[part] ?? null
  const encoded = plan === null ? value : convert(tag, part, index, encodeValue, plan, value)
  checkValue(tag, part, checks[part], encoded, index)
  return encoded
}

/** The application's form of what travelled, checked. Throws as `checkValue` does. */
export function decodePart<Name extends AnyPart>(
  tag: string,
  part: Name,
  checks: PartChecks<Name>,
  value: unknown,
  index?: number,
): unknown {
  checkValue(tag, part, checks[part], value, index)
  const plan = checks.codecs?.[part] ?? null
  if (plan === null) return value
  const decode = (): unknown => convert(tag, part, index, decodeValue, plan, value)
  // What was asked for may be as long as it is.
  return part === 'input' || part === 'payload' ? convertWithinBudget(decode) : decode()
}

/** A value that stays in this process: it has to be one that could travel, and is handed over as it is. */
export function checkPart<Name extends AnyPart>(
  tag: string,
  part: Name,
  checks: PartChecks<Name>,
  value: unknown,
  index?: number,
): unknown {
  encodePart(tag, part, checks, value, index)
  return value
}

function convert(
  tag: string,
  part: AnyPart,
  index: number | undefined,
  run: (plan: CodecPlan, value: unknown) => unknown,
  plan: CodecPlan,
  value: unknown,
): unknown {
  try {
    return run(plan, value)
  } catch (error) {
    if (error instanceof CodecError) throw refusePart(tag, part, index, error.message, error.cause)
    throw error
  }
}

function refusePart(tag: string, part: AnyPart, index: number | undefined, problem: string, cause?: unknown): Error {
  const isOfHandler = part === 'output' || part === 'data'
  return refuseMisfit(
    isOfHandler ? 'internal' : 'invalid_argument',
    `${namePart(tag, part, index)} is refused: ${problem}`,
    {
      ...(cause === undefined ? {} : { cause }),
      maybeExecuted: isOfHandler || index !== undefined,
    },
  )
}
