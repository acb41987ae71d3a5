import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer } from 'netgen/runtime'
import { expect } from 'vitest'
import { describeBuiltins } from './describe-builtins.js'
import { describeCalls } from './describe-calls.js'
import { describeErrors } from './describe-errors.js'
import { describeMisuse } from './describe-misuse.js'
import type { Harness } from './harness.js'

async function createHttpHarness(): Promise<Harness> {
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
      await expect.poll(countSockets).toBeLessThanOrEqual(before)
    },
  }
}

function countSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
}

for (const describeSuite of [describeCalls, describeErrors, describeMisuse, describeBuiltins])
  describeSuite('HTTP', createHttpHarness)
