import { type Side, tellSkew } from '../../call/skew/explain-skew.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { CallerIdentity } from '../../wire/exchange.js'
import { type DeclaredErrors, reviveError } from '../../wire/revive-error.js'

/** Nobody called for it: its stack is its header, and the lines of the subscriber. */
const NO_SITE = { stack: '' }

const NONE_DECLARED: DeclaredErrors = { encodeData: (_name, data) => data, create: () => undefined }

/** The error of a subscriber's handler, as the subscriber wrote it down; or of skew, where it has another schema of the event. */
export function reviveFailure(record: ErrorRecord, { id, group }: CallerIdentity, event: Side): Error {
  const peer = record.hops[0]?.peer ?? `${group} peer ${id}`
  return reviveError(tellSkew(record, event, peer), NO_SITE, { peer, tag: event.tag }, NONE_DECLARED)
}
