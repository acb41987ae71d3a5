import { createMemoryNetwork } from 'netgen/testing'
import type { Harness } from './harness.js'
import { SUITES } from './suites.js'

async function createMemoryHarness(): Promise<Harness> {
  const network = createMemoryNetwork()
  return { createPeer: (options) => network.createPeer(options), close: () => network.close() }
}

for (const describeSuite of SUITES) describeSuite('memory', createMemoryHarness)
