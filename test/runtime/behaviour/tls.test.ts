import { createPeer, type PeerOptions } from 'netgen/runtime'
import { afterAll } from 'vitest'
import { Authority } from '../make-certificates.js'
import { describeCalls } from './describe-calls.js'
import { describeChoosing } from './describe-choosing.js'
import { describeClosing } from './describe-closing.js'
import { describeErrors } from './describe-errors.js'
import { describeEvents } from './describe-events.js'
import { describeInputStreams } from './describe-input-streams.js'
import { describeStreams } from './describe-streams.js'
import { createSocketHarness } from './socket-harness.js'

const authority = await Authority.create('notes')
const certificate = await authority.issue(['IP:127.0.0.1', 'IP:::1'])
const tls = { ...certificate, ca: authority.cert, requestCert: true }
afterAll(() => authority.remove())

const createHarness = (more: PeerOptions) => () => createSocketHarness((options) => createPeer({ ...options, ...more }))

const OVER_SESSIONS = [
  ...[describeCalls, describeChoosing, describeClosing, describeErrors, describeEvents, describeStreams],
  describeInputStreams,
]

for (const describeSuite of OVER_SESSIONS) {
  describeSuite('a session over mutual TLS', createHarness({ tls }))
}
for (const describeSuite of [describeCalls, describeClosing]) {
  describeSuite('HTTP over mutual TLS', createHarness({ tls, transport: 'http' }))
}
