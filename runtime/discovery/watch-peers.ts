import type { PeerChange, WatchFilter, WatchOptions } from '../api/peer.js'
import { followServing } from './follow-serving.js'
import { readWatchFilter, readWatchSignal } from './peer-filter.js'
import type { PeerTable } from './peer-table.js'
import { PeerWatch } from './peer-watch.js'
import type { ServedBy } from './served-by.js'

/** What is followed. */
export interface Watched {
  readonly table: PeerTable
  readonly served: ServedBy
  readonly ownGroup: string
}

/** Follows peers as `peer.watch` says. Throws `invalid_argument` for a filter or an option that is none. */
export function watchPeers(
  { table, served, ownGroup }: Watched,
  filter: WatchFilter,
  options: WatchOptions,
): AsyncIterableIterator<PeerChange> {
  const signal = readWatchSignal(options)
  const query = readWatchFilter(filter, ownGroup)
  const followed = query.needs.length === 0 ? table : { follow: followServing(table, served, query) }
  return new PeerWatch(followed, query.fits, signal)
}
