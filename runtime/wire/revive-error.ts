import { createBuiltin } from '../errors/builtin-errors.js'
import { DeclaredError, type DeclaredErrorOptions } from '../errors/declared-error.js'
import { NetgenError } from '../errors/netgen-error.js'
import type { CallSite } from '../traceback/call-site.js'
import { joinTraceback } from '../traceback/join-traceback.js'
import type { CauseRecord, ErrorRecord } from './error-record.js'

/** The declared errors of a connection. */
export interface DeclaredErrors {
  /** The data of an error as it travels. Throws where it cannot. */
  encodeData(errorName: string, data: unknown): unknown
  /** The error with data that travelled, or undefined where it is not declared or the data does not fit. */
  create(errorName: string, data: unknown, options: DeclaredErrorOptions): DeclaredError | undefined
}

/** Whom the caller had asked, and for what. */
export interface Origin {
  /** The peer in words. */
  readonly peer: string
  readonly tag: string
}

/**
 * The error that a caller gets for what another peer wrote down: a declared error as its generated class, a built-in as its
 * own class, anything else as {@link NetgenError}; with the caller's frames first in its stack.
 */
export function reviveError(record: ErrorRecord, site: CallSite, origin: Origin, declared: DeclaredErrors): Error {
  const error = reviveCause(record, declared, record.maybeExecuted)
  if (!(error instanceof NetgenError)) {
    Object.defineProperty(error, 'maybeExecuted', { value: record.maybeExecuted, configurable: true, writable: true })
  }
  const { errorId, hops } = record
  joinTraceback(error, site, { ...origin, errorId, hops })
  return error
}

function reviveCause(record: CauseRecord, declared: DeclaredErrors, maybeExecuted: boolean): Error {
  const cause = record.cause === undefined ? {} : { cause: reviveNested(record.cause, declared) }
  const error =
    reviveDeclared(record, cause, declared) ??
    reviveBuiltin(record, cause, declared) ??
    new NetgenError(record.code ?? 'unknown', record.message, { ...cause, maybeExecuted })
  // Whoever threw a class that is unknown here still reads its name.
  if (record.kind === 'declared' && !(error instanceof DeclaredError)) nameAs(error, `${record.name}Error`)
  else if (record.kind === 'netgen' || record.kind === 'other') nameAs(error, record.name)
  return error
}

/** A cause or a part: it has no call site, so its stack is its header alone. */
function reviveNested(record: CauseRecord, declared: DeclaredErrors): Error {
  const error = reviveCause(record, declared, true)
  joinTraceback(error, { stack: '' })
  return error
}

function reviveDeclared(record: CauseRecord, cause: { cause?: Error }, declared: DeclaredErrors): Error | undefined {
  if (record.kind !== 'declared') return undefined
  return declared.create(record.name, record.data, { message: record.message, ...cause })
}

function reviveBuiltin(record: CauseRecord, cause: { cause?: Error }, declared: DeclaredErrors): Error | undefined {
  if (record.kind !== 'builtin') return undefined
  const parts = (record.errors ?? []).map((part) => reviveNested(part, declared))
  const error = createBuiltin(record.name, record.message, parts)
  if (error !== undefined && cause.cause !== undefined) {
    Object.defineProperty(error, 'cause', { value: cause.cause, configurable: true, writable: true })
  }
  return error
}

function nameAs(error: Error, name: string): void {
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
}
