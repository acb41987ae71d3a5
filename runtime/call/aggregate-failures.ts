import { printAddress } from '../api/address.js'
import type { PeerResult } from '../api/call.js'
import { isError } from '../errors/is-error.js'
import { cutText, printValue } from '../errors/print-value.js'
import type { CallSite } from '../traceback/call-site.js'
import { joinTraceback } from '../traceback/join-traceback.js'

/** How many failures the message names; the others are among the errors. */
const MAX_NAMED = 8

const MAX_REASON_LENGTH = 120

/** What failed at several peers. */
export interface FailedPeers {
  readonly tag: string
  /** How many peers were called. */
  readonly called: number
  /** What came of them, as far as it came. */
  readonly results: readonly PeerResult<unknown>[]
  /** What would have been needed, in words; empty: that none fails. */
  readonly needed: string
}

/**
 * The error of a call to several peers that failed: its message names the peers, its `errors` are what they failed with, and its
 * `results`, which are not enumerable, all that came.
 */
export function aggregateFailures({ tag, called, results, needed }: FailedPeers, site: CallSite): AggregateError {
  const failures = results.filter((result) => result.status === 'rejected')
  const named = failures
    .slice(0, MAX_NAMED)
    .map(({ peer, reason }) => `${peer.group}@${printAddress(peer)}: ${name(reason)}`)
  const more = failures.length > MAX_NAMED ? [`and ${failures.length - MAX_NAMED} more`] : []
  const counts = `${failures.length} of ${called} ${called === 1 ? 'peer' : 'peers'}${needed}`
  const error = new AggregateError(
    failures.map(({ reason }) => reason),
    `${tag} failed at ${counts}: ${[...named, ...more].join('; ')}`,
  )
  Object.defineProperty(error, 'results', { value: results, configurable: true, writable: true })
  joinTraceback(error, site)
  return error
}

function name(reason: unknown): string {
  if (!isError(reason)) return printValue(reason)
  const [line = ''] = `${reason.name}: ${reason.message}`.split('\n')
  return cutText(line, MAX_REASON_LENGTH)
}
