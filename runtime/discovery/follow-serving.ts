import type { RemotePeer } from '../api/remote-peer.js'
import type { PeerQuery } from './peer-filter.js'
import type { PeerTable } from './peer-table.js'
import type { ServedBy } from './served-by.js'

/** How often whoever does not serve it yet is asked again, in milliseconds. */
const ASK_MS = 1_000

/**
 * Follows those peers alone that fit a query, and serve what it needs: they join when they do. They leave as others, since nobody stops
 * serving what it serves.
 */
export function followServing(table: PeerTable, served: ServedBy, { fits, needs }: PeerQuery): PeerTable['follow'] {
  return (listener, onClose = () => {}) => {
    const waiting = new Map<string, RemotePeer>()
    const told = new Set<string>()
    const ask = async (peer: RemotePeer): Promise<void> => {
      if (!(await served.check(peer, needs, ASK_MS / 2)) || !waiting.delete(peer.id)) return
      told.add(peer.id)
      listener({ type: 'joined', peer })
    }
    const timer = setInterval(() => {
      for (const peer of waiting.values()) void ask(peer)
    }, ASK_MS).unref()
    const unfollow = table.follow(
      (change) => {
        const { type, peer } = change
        if (told.has(peer.id)) {
          if (type === 'left') told.delete(peer.id)
          listener(change)
        } else if (type === 'left') waiting.delete(peer.id)
        else if (fits(peer)) {
          waiting.set(peer.id, peer)
          void ask(peer)
        }
      },
      () => {
        clearInterval(timer)
        onClose()
      },
    )
    return () => {
      clearInterval(timer)
      waiting.clear()
      unfollow()
    }
  }
}
