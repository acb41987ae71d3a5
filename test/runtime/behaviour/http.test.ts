import { createPeer } from 'netgen/runtime'
import { describeBuiltins } from './describe-builtins.js'
import { describeCalls } from './describe-calls.js'
import { describeChoosing } from './describe-choosing.js'
import { describeClosing } from './describe-closing.js'
import { describeCodecs } from './describe-codecs.js'
import { describeDisclosure } from './describe-disclosure.js'
import { describeDiscovery } from './describe-discovery.js'
import { describeErrors } from './describe-errors.js'
import { describeFlags } from './describe-flags.js'
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

const createHttpHarness = () => createSocketHarness((options) => createPeer({ ...options, transport: 'http' }))

/** What fits into the buffers of a connection is made before anybody reads it: all of small items. */
const describeHttpStreams = (name: string, createHarness: () => Promise<Harness>): void =>
  describeStreams(name, createHarness, Number.POSITIVE_INFINITY)

for (const describeSuite of [
  describeCalls,
  describeNestedCalls,
  describeChoosing,
  describeClosing,
  describeDiscovery,
  describeRepeats,
  describeErrors,
  describeKinds,
  describeMany,
  describeMisuse,
  describeBuiltins,
  describeCodecs,
  describeInterceptors,
  describeInterceptedOutputs,
  describeTraces,
  describeHttpStreams,
  describeResults,
  describeThrows,
  describeDisclosure,
]) {
  describeSuite('HTTP', createHttpHarness)
}
describeFlags('HTTP', createHttpHarness, false)
describePeers('HTTP', createHttpHarness, false)
