import type { PeerResult, PeerValue } from '../api/call.js'
import type { CallSite } from '../traceback/call-site.js'
import { aggregateFailures } from './aggregate-failures.js'

/** What every peer answered, where none has failed. Throws an `AggregateError` otherwise. */
export function requireAll(results: readonly PeerResult<unknown>[], tag: string, site: CallSite): PeerValue<unknown>[] {
  const values = results.flatMap((result) =>
    result.status === 'fulfilled' ? [{ peer: result.peer, value: result.value }] : [],
  )
  if (values.length === results.length) return values
  throw aggregateFailures({ tag, called: results.length, results, needed: '' }, site)
}
