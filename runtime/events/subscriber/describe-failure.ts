import { randomUUID } from 'node:crypto'
import type { Logger } from '../../api/logger.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { describeLeaving, findErrorId, type TellingPeer } from '../../call/describe-leaving.js'
import { isMisfit } from '../../errors/refuse.js'
import { isJoined } from '../../traceback/join-traceback.js'
import { keepData } from '../../wire/describe-class.js'
import type { ErrorRecord } from '../../wire/error-record.js'

/** What reporting needs of the peer. */
export interface FailureOptions extends TellingPeer {
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
  const { errorPolicy, logger } = options
  const caller = { id: publisher.id, group: publisher.group }
  const errorId = findErrorId(thrown) ?? randomUUID()
  logger.error('a subscription failed', { errorId, tag, publisher: publisher.id, sequence, error: thrown })
  const isOwn = isOfTheEvent(thrown)
  return describeLeaving(options, thrown, {
    tag,
    caller,
    errorId,
    disclosure: errorPolicy.disclose(caller, { tag, error: thrown, isDeclared: false }),
    isOwn,
    isDeclared,
    maybeExecuted: !isOwn,
    digest: isOwn ? digest : undefined,
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
