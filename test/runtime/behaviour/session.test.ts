import { createPeer } from 'netgen/runtime'
import { describeBuiltins } from './describe-builtins.js'
import { describeCalls } from './describe-calls.js'
import { describeCodecs } from './describe-codecs.js'
import { describeErrors } from './describe-errors.js'
import { describeMisuse } from './describe-misuse.js'
import { createSocketHarness } from './socket-harness.js'

for (const describeSuite of [describeCalls, describeErrors, describeMisuse, describeBuiltins, describeCodecs]) {
  describeSuite('a session', () => createSocketHarness(createPeer))
}
