import { createPeer } from 'netgen/runtime'
import { describe } from 'vitest'
import { prepareNats, startNats } from '../../nats/nats-server.js'
import type { Harness } from './harness.js'
import { createSocketHarness } from './socket-harness.js'
import { SUITES_OF_LINKS } from './suites.js'

const problem = prepareNats()

/** Peers at a server of their own. */
async function createNatsHarness(): Promise<Harness> {
  const server = await startNats()
  const harness = await createSocketHarness((options) => createPeer({ ...options, engine: server.url }))
  return {
    ...harness,
    close: async () => {
      await harness.close()
      await server.stop()
    },
  }
}

describe.skipIf(problem !== undefined)(problem ?? 'peers at an engine', () => {
  for (const describeSuite of SUITES_OF_LINKS) {
    describeSuite('NATS', createNatsHarness)
  }
})
