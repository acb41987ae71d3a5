import { randomUUID } from 'node:crypto'
import type { Logger } from '../../api/logger.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import type { ErrorPolicy } from '../../call/error-policy.js'
import { isError } from '../../errors/is-error.js'
import { isMisfit } from '../../errors/refuse.js'
import { isJoined, readRemote } from '../../traceback/join-traceback.js'
import { keepData } from '../../wire/describe-class.js'
import { describeError } from '../../wire/describe-error.js'
import type { ErrorRecord } from '../../wire/error-record.js'

/** What reporting needs of the peer. */
export interface FailureOptions {
  /** The peer in words, for tracebacks. */
  readonly label: () => string
  readonly errorPolicy: ErrorPolicy
  readonly logger: Logger
}

/** The event that a subscription failed at. */
export interface FailedEvent {
  readonly tag: string
  /** Equal digests mean equal wire formats. */
  readonly digest: string
  readonly publisher: RemotePeer
  readonly sequence: number
}

/** Logs what a subscription's handler threw, whole, and writes down what the publisher may know of it. Never throws. */
export function describeFailure(
  options: FailureOptions,
  { tag, digest, publisher, sequence }: FailedEvent,
  thrown: unknown,
): ErrorRecord {
  const { label, errorPolicy, logger } = options
  const caller = { id: publisher.id, group: publisher.group }
  const errorId = (isError(thrown) && readRemote(thrown)?.errorId) || randomUUID()
  logger.error('a subscription failed', { errorId, tag, publisher: publisher.id, sequence, error: thrown })
  const disclosure = errorPolicy.disclose(caller, { tag, error: thrown, isDeclared: false })
  const isOwn = isOfTheEvent(thrown)
  // What netgen says of the payload itself is no user's to change.
  const leaving = { tag, caller, errorId, disclosure }
  const allowed = isOwn ? { error: thrown, disclosure } : errorPolicy.map(thrown, leaving, isDeclared)
  return describeError(allowed.error, {
    peer: label(),
    tag,
    errorId,
    isOwn,
    maybeExecuted: !isOwn,
    digest: isOwn ? digest : undefined,
    disclosure: allowed.disclosure,
    root: errorPolicy.root,
    hidePlaces: errorPolicy.hidePlaces,
    encodeData: keepData,
  })
}

/** An event declares no errors: what a handler throws is nobody's promise. */
function isDeclared(): false {
  return false
}

/**
 * Whether netgen refused the payload: that tells of nothing but what the publisher has sent. What the handler's own use of netgen was
 * refused for does, and is no misfit, or joined to the handler's line.
 */
function isOfTheEvent(thrown: unknown): boolean {
  return isMisfit(thrown) && !isJoined(thrown) && thrown.code === 'invalid_argument' && thrown.cause === undefined
}
