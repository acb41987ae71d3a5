import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Peer, PeerOptions } from 'netgen/runtime'
import { expect, vi } from 'vitest'
import type { Harness } from './harness.js'

/** Peers over real sockets, in a registry of their own. Closing fails where a socket stays open. */
export async function createSocketHarness(
  createPeer: (options: PeerOptions & { registry: string }) => Promise<Peer>,
): Promise<Harness> {
  const registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  const before = countSockets()
  const peers: Peer[] = []
  return {
    createPeer: async (options) => {
      const peer = await createPeer({ registry, port: 0, ...options })
      peers.push(peer)
      return peer
    },
    close: async () => {
      await Promise.all(peers.map((peer) => peer.close()))
      await rm(registry, { recursive: true })
      // Also outside of a test, which `expect.poll` refuses.
      await vi.waitFor(() => expect(countSockets()).toBeLessThanOrEqual(before))
    },
  }
}

/** How many sockets this process has open, listening ones among them. */
export function countSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
}
