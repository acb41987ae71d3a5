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

type DescribeSuite = (name: string, createHarness: () => Promise<Harness>) => void

/** What holds for every way between two peers that carries streams both ways and events. */
export const SUITES: readonly DescribeSuite[] = [
  describeCalls,
  describeNestedCalls,
  describeChoosing,
  describeClosing,
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
]

/** The same for ways that can be lost, and opened again. */
export const SUITES_OF_LINKS: readonly DescribeSuite[] = [...SUITES, describeRepeats]
