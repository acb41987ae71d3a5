import { createPeer } from 'netgen/runtime'
import { describe } from 'vitest'
import { prepareNats, startNats } from '../../nats/nats-server.js'
import { describeBuiltins } from './describe-builtins.js'
import { describeCalls } from './describe-calls.js'
import { describeChoosing } from './describe-choosing.js'
import { describeClosing } from './describe-closing.js'
import { describeCodecs } from './describe-codecs.js'
import { describeDisclosure } from './describe-disclosure.js'
import { describeDiscovery } from './describe-discovery.js'
import { describeErrors } from './describe-errors.js'
import { describeEventFailures } from './describe-event-failures.js'
import { describeEvents } from './describe-events.js'
import { describeFlags } from './describe-flags.js'
import { describeInputStreams } from './describe-input-streams.js'
import { describeInterceptedInputs } from './describe-intercepted-inputs.js'
import { describeInterceptedOutputs } from './describe-intercepted-outputs.js'
import { describeInterceptors } from './describe-interceptors.js'
import { describeKinds } from './describe-kinds.js'
import { describeMany } from './describe-many.js'
import { describeMisuse } from './describe-misuse.js'
import { describeNestedCalls } from './describe-nested-calls.js'
import { describePeers } from './describe-peers.js'
import { describeRepeats } from './describe-repeats.js'
import { describeResults } from './describe-results.js'
import { describeStreams } from './describe-streams.js'
import { describeThrows } from './describe-throws.js'
import { describeTraces } from './describe-traces.js'
import type { Harness } from './harness.js'
import { createSocketHarness } from './socket-harness.js'

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
  for (const describeSuite of [
    describeCalls,
    describeNestedCalls,
    describeChoosing,
    describeClosing,
    describeRepeats,
    describeErrors,
    describeKinds,
    describeFlags,
    describeMany,
    describeMisuse,
    describeResults,
    describePeers,
    describeThrows,
    describeDiscovery,
    describeDisclosure,
    describeBuiltins,
    describeCodecs,
    describeInterceptors,
    describeInterceptedOutputs,
    describeInterceptedInputs,
    describeTraces,
    describeStreams,
    describeInputStreams,
    describeEvents,
    describeEventFailures,
  ]) {
    describeSuite('NATS', createNatsHarness)
  }
})
