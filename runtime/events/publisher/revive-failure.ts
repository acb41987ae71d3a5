import type { ErrorRecord } from '../../wire/error-record.js'
import type { CallerIdentity } from '../../wire/exchange.js'
import { type DeclaredErrors, reviveError } from '../../wire/revive-error.js'

/** Nobody called for it: its stack is its header, and the lines of the subscriber. */
const NO_SITE = { stack: '' }

const NONE_DECLARED: DeclaredErrors = { encodeData: (_name, data) => data, create: () => undefined }

/** The error of a subscriber's handler, as the subscriber wrote it down. */
export function reviveFailure(record: ErrorRecord, { id, group }: CallerIdentity, tag: string): Error {
  return reviveError(record, NO_SITE, { peer: `${group} peer ${id}`, tag }, NONE_DECLARED)
}
