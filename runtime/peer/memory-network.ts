import type { Peer } from '../api/peer.js'
import { MemoryProvider } from '../discovery/memory-provider.js'
import { MemorySwitch, MemoryTransport } from '../transport/memory/memory-transport.js'
import { createPeerId, startPeer } from './create-peer.js'
import { readEnvironment } from './environment.js'
import { type PeerOptions, readSettings } from './peer-options.js'

/** What a peer in memory may be told: all but what belongs to sockets and files. `strictLocal` is true by default. */
export type MemoryPeerOptions = Omit<PeerOptions, 'port' | 'registry' | 'transport'>

/** Peers that find and call each other inside one process, with no socket, no file and no environment. */
export interface MemoryNetwork extends AsyncDisposable {
  createPeer(options?: MemoryPeerOptions): Promise<Peer>
  /** Closes all of its peers. */
  close(): Promise<void>
}

/**
 * Makes a network for tests. Calls take the way of real ones: encoded, limited, checked and decoded at both ends, and
 * errors are written down and revived; only the bytes stay in memory.
 */
export function createMemoryNetwork(): MemoryNetwork {
  const memorySwitch = new MemorySwitch()
  const peers: Peer[] = []
  const close = async (): Promise<void> => {
    await Promise.all(peers.map((peer) => peer.close()))
  }
  return {
    createPeer: async (options = {}) => {
      const settings = readSettings({ strictLocal: true, ...options }, readEnvironment({}))
      const transport = new MemoryTransport(memorySwitch)
      const peer = await startPeer(settings, {
        id: createPeerId(),
        transport,
        provider: new MemoryProvider(memorySwitch),
      })
      peers.push(peer)
      return peer
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
