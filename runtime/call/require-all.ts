import { printAddress } from '../api/address.js'
import type { PeerResult, PeerValue } from '../api/call.js'
import { isError } from '../errors/is-error.js'
import { cutText, printValue } from '../errors/print-value.js'
import type { CallSite } from '../traceback/call-site.js'
import { joinTraceback } from '../traceback/join-traceback.js'

/** How many failures the message names; the others are among the errors. */
const MAX_NAMED = 8

const MAX_REASON_LENGTH = 120

/**
 * What every peer answered, where none has failed. Throws an `AggregateError` otherwise: its message names the peers, its `errors`
 * are what they failed with, and its `results`, which are not enumerable, all that came.
 */
export function requireAll(results: readonly PeerResult<unknown>[], tag: string, site: CallSite): PeerValue<unknown>[] {
  const values: PeerValue<unknown>[] = []
  const failures: (PeerResult<unknown> & { status: 'rejected' })[] = []
  for (const result of results) {
    if (result.status === 'rejected') failures.push(result)
    else values.push({ peer: result.peer, value: result.value })
  }
  if (failures.length === 0) return values
  const named = failures
    .slice(0, MAX_NAMED)
    .map(({ peer, reason }) => `${peer.group}@${printAddress(peer)}: ${name(reason)}`)
  const more = failures.length > MAX_NAMED ? [`and ${failures.length - MAX_NAMED} more`] : []
  const counts = `${failures.length} of ${results.length} ${results.length === 1 ? 'peer' : 'peers'}`
  const error = new AggregateError(
    failures.map(({ reason }) => reason),
    `${tag} failed at ${counts}: ${[...named, ...more].join('; ')}`,
  )
  Object.defineProperty(error, 'results', { value: results, configurable: true, writable: true })
  joinTraceback(error, site)
  throw error
}

function name(reason: unknown): string {
  if (!isError(reason)) return printValue(reason)
  const [line = ''] = `${reason.name}: ${reason.message}`.split('\n')
  return cutText(line, MAX_REASON_LENGTH)
}
