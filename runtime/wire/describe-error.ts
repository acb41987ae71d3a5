import { nameBuiltin } from '../errors/builtin-errors.js'
import { type ErrorCode, isErrorCode } from '../errors/codes.js'
import { DeclaredError } from '../errors/declared-error.js'
import { isError, isInstance, readProperty } from '../errors/is-error.js'
import { NetgenError } from '../errors/netgen-error.js'
import { printValue } from '../errors/print-value.js'
import { readHops } from '../traceback/join-traceback.js'
import type { CauseRecord, ErrorRecord } from './error-record.js'
import { findUnencodable } from './find-unencodable.js'
import type { DeclaredErrors } from './revive-error.js'

/** How many causes and parts one error may bring along, so that a chain that holds itself ends. */
const MAX_CAUSES = 8

/** The longest message, in UTF-16 units. */
const MAX_MESSAGE_LENGTH = 16 * 1024

/** Who answers, for what, and under which id it is logged. */
export interface Failure {
  /** The peer in words. */
  readonly peer: string
  readonly tag: string
  readonly errorId: string
  /** Whether a handler had been started. */
  readonly maybeExecuted: boolean
}

/** The data of a declared error as it travels. May throw. */
export type EncodeData = DeclaredErrors['encodeData']

/** Where no data has a codec. */
const keepData: EncodeData = (_errorName, data) => data

interface Budget {
  left: number
  readonly encodeData: EncodeData
}

/** Writes down whatever a call threw. Never throws, whatever it is given. */
export function describeError(thrown: unknown, failure: Failure, encodeData: EncodeData = keepData): ErrorRecord {
  const record = describeCause(thrown, { left: MAX_CAUSES, encodeData })
  return {
    ...record,
    code: record.code ?? 'unknown',
    maybeExecuted: failure.maybeExecuted,
    errorId: failure.errorId,
    hops: readHops(thrown, failure.peer, failure.tag),
  }
}

function describeCause(thrown: unknown, budget: Budget): CauseRecord {
  budget.left--
  if (!isError(thrown)) {
    return { kind: 'other', name: 'Error', message: `${printValue(thrown)} was thrown, which is no Error` }
  }
  const cause = readProperty(thrown, 'cause')
  const errors = isInstance(thrown, AggregateError) ? readProperty(thrown, 'errors') : undefined
  return {
    ...describeClass(thrown, budget.encodeData),
    message: readMessage(thrown),
    ...(cause === undefined || budget.left <= 0 ? {} : { cause: describeCause(cause, budget) }),
    ...(Array.isArray(errors) ? { errors: describeParts(errors, budget) } : {}),
  }
}

function describeParts(errors: readonly unknown[], budget: Budget): CauseRecord[] {
  const records: CauseRecord[] = []
  for (const error of errors) {
    if (budget.left <= 0) break
    records.push(describeCause(error, budget))
  }
  return records
}

function describeClass(error: Error, encodeData: EncodeData): Pick<CauseRecord, 'kind' | 'name' | 'code' | 'data'> {
  if (isInstance(error, DeclaredError)) {
    const name = readProperty(error, 'errorName')
    const data = typeof name === 'string' ? copyData(() => encodeData(name, readProperty(error, 'data'))) : undefined
    // Data that cannot travel would take the whole answer with it: then only the message arrives.
    if (data !== undefined && typeof name === 'string') return { kind: 'declared', name, code: readCode(error), data }
  }
  if (isInstance(error, NetgenError)) return { kind: 'netgen', name: readName(error), code: readCode(error) }
  const builtin = nameBuiltin(error)
  return builtin === undefined ? { kind: 'other', name: readName(error) } : { kind: 'builtin', name: builtin }
}

/** The data as it will arrive, or undefined where it cannot: a user's getter may throw, or answer otherwise the next time. */
function copyData(encode: () => unknown): unknown {
  try {
    const data = encode()
    return findUnencodable(data) === undefined ? JSON.parse(JSON.stringify(data)) : undefined
  } catch {
    return undefined
  }
}

function readCode(error: Error): ErrorCode {
  const code = readProperty(error, 'code')
  return isErrorCode(code) ? code : 'unknown'
}

function readName(error: Error): string {
  const name = readProperty(error, 'name')
  return typeof name === 'string' && name !== '' ? name.slice(0, 200) : 'Error'
}

function readMessage(error: Error): string {
  const message = readProperty(error, 'message')
  const text = typeof message === 'string' ? message : printValue(message)
  if (text.length <= MAX_MESSAGE_LENGTH) return text
  return `${text.slice(0, MAX_MESSAGE_LENGTH)}… (${text.length - MAX_MESSAGE_LENGTH} more characters were cut)`
}
