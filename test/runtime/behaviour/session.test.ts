import { createPeer } from 'netgen/runtime'
import { createSocketHarness } from './socket-harness.js'
import { SUITES_OF_LINKS } from './suites.js'

for (const describeSuite of SUITES_OF_LINKS) {
  describeSuite('a session', () => createSocketHarness(createPeer))
}
