import type { LeavingError } from '../api/error-options.js'
import { isError } from '../errors/is-error.js'
import { readRemote } from '../traceback/join-traceback.js'
import { describeError, type Failure } from '../wire/describe-error.js'
import type { ErrorRecord } from '../wire/error-record.js'
import type { ErrorPolicy } from './error-policy.js'

/** What telling of a failure needs of the peer. */
export interface TellingPeer {
  /** The peer in words, for tracebacks. */
  readonly label: () => string
  readonly errorPolicy: ErrorPolicy
}

/** A failure that is about to leave. */
export interface LeavingFailure
  extends LeavingError,
    Pick<Failure, 'isOwn' | 'maybeExecuted' | 'digest' | 'encodeData'> {
  /** Says of any error whether the schema declares it here. */
  readonly isDeclared: (error: unknown) => boolean
}

/** The id under which an error is logged: one leads through the logs of all peers that it passes. */
export function findErrorId(thrown: unknown): string | undefined {
  return (isError(thrown) && readRemote(thrown)?.errorId) || undefined
}

/** Writes down what may leave of what was thrown. Never throws. */
export function describeLeaving(
  { label, errorPolicy }: TellingPeer,
  thrown: unknown,
  { tag, caller, errorId, disclosure, isOwn, isDeclared, ...rest }: LeavingFailure,
): ErrorRecord {
  const leaving = { tag, caller, errorId, disclosure }
  // What netgen says of the call itself, or of the event, is no user's to change.
  const allowed = isOwn ? { error: thrown, disclosure } : errorPolicy.map(thrown, leaving, isDeclared)
  const { root, hidePlaces } = errorPolicy
  const peer = { peer: label(), root, hidePlaces }
  return describeError(allowed.error, { ...rest, ...peer, tag, errorId, isOwn, disclosure: allowed.disclosure })
}
