import type { Peer } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { MemoryProvider } from '../discovery/memory-provider.js'
import { Conditions } from '../transport/memory/conditions.js'
import { MemorySwitch, MemoryTransport } from '../transport/memory/memory-transport.js'
import { createPeerId, startPeer } from './create-peer.js'
import type { DiscoveryOptions } from './discovery-options.js'
import { readEnvironment } from './environment.js'
import { type MemoryNetworkOptions, readConditions } from './memory-network-options.js'
import type { NetworkOptions } from './network-options.js'
import { type PeerOptions, readSettings } from './peer-options.js'

/** What a peer in memory may be told: all but what belongs to sockets and files. `strictLocal` is true by default. */
export type MemoryPeerOptions = Omit<
  PeerOptions,
  'port' | 'registry' | 'transport' | keyof NetworkOptions | keyof DiscoveryOptions
>

/** A peer, as itself, as `peers()` gives it, or its id. */
export type NetworkMember = Pick<RemotePeer, 'id'> | string

/** Peers that find and call each other inside one process, with no socket, no file and no environment. */
export interface MemoryNetwork extends AsyncDisposable {
  createPeer(options?: MemoryPeerOptions): Promise<Peer>
  /**
   * Two of its peers, or their ids, do not reach each other from now on. What is under way between them ends with `unavailable`,
   * and may have run; what is called later ends so at once, and has not.
   */
  disconnect(left: NetworkMember, right: NetworkMember): void
  /** They reach each other again. */
  heal(left: NetworkMember, right: NetworkMember): void
  /** Closes all of its peers. */
  close(): Promise<void>
}

/**
 * Makes a network for tests. Calls take the way of real ones: encoded, limited, checked and decoded at both ends, and
 * errors are written down and revived; only the bytes stay in memory. Throws `invalid_argument` for options that are none.
 */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const conditions = new Conditions(readConditions(options))
  const memorySwitch = new MemorySwitch(conditions)
  const peers: Peer[] = []
  const close = async (): Promise<void> => {
    await Promise.all(peers.map((peer) => peer.close()))
  }
  return {
    createPeer: async (peerOptions = {}) => {
      const settings = readSettings({ strictLocal: true, ...peerOptions }, readEnvironment({}))
      const transport = new MemoryTransport(memorySwitch)
      const peer = await startPeer(settings, {
        id: createPeerId(),
        transport,
        providers: [new MemoryProvider(memorySwitch)],
      })
      peers.push(peer)
      return peer
    },
    disconnect: (left, right) => conditions.disconnect(idOf(left), idOf(right)),
    heal: (left, right) => memorySwitch.heal(idOf(left), idOf(right)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function idOf(member: NetworkMember): string {
  return typeof member === 'string' ? member : member.id
}
