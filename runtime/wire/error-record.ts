import type { ErrorCode } from '../errors/codes.js'
import type { Hop } from '../errors/remote.js'

/**
 * What becomes of an error on the wire, without its place in a call: also the form of causes and of an AggregateError's
 * parts.
 *
 * `declared`: `name` is the error's name in the schema, `data` what it carries. `builtin`: `name` is a class of JavaScript.
 * `netgen`: a failure that netgen itself found. `other`: any other class, or a thrown value that is no error.
 */
export interface CauseRecord {
  readonly kind: 'declared' | 'builtin' | 'netgen' | 'other'
  readonly name: string
  readonly message: string
  readonly code?: ErrorCode
  readonly data?: unknown
  readonly cause?: CauseRecord
  readonly errors?: readonly CauseRecord[]
}

/** The answer to a call that failed: over HTTP the JSON body `{ "error": … }`. */
export interface ErrorRecord extends CauseRecord {
  readonly code: ErrorCode
  readonly maybeExecuted: boolean
  readonly errorId: string
  readonly hops: readonly Hop[]
}
