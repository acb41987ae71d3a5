import { printAddress } from '../api/address.js'
import type { Peer, PeerDescription } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'

/** A peer in words, as tracebacks and messages name it: `notes@127.0.0.1:3011`. */
export function describePeer(peer: Pick<RemotePeer, 'group' | 'host' | 'port'>): string {
  return `${peer.group}@${printAddress(peer)}`
}

/** What a peer of this process says of itself. */
export function describeSelf({ group, host, port, hub }: RemotePeer, engine: string | undefined): PeerDescription {
  return { group, host, port, hub, ...(engine !== undefined && { engine }) }
}

/** A peer of this process as it prints itself: where it is, and how many connections, events that it is subscribed to, and flags it has. */
export function printPeer({ host, port, group, connections, subscriptions, flags }: Peer): string {
  return `<netgen.Peer h:${host} p:${port} g:${group} c:${connections.size} s:${subscriptions.size} f:${flags.size}>`
}
