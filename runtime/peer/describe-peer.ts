import { printAddress } from '../api/address.js'
import type { RemotePeer } from '../api/remote-peer.js'

/** A peer in words, as tracebacks and messages name it: `notes@127.0.0.1:3011`. */
export function describePeer(peer: Pick<RemotePeer, 'group' | 'host' | 'port'>): string {
  return `${peer.group}@${printAddress(peer)}`
}
