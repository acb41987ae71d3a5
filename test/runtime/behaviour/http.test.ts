import type { Peer, PeerOptions } from 'netgen/runtime'
import { LocalProvider } from '../../../runtime/discovery/local/local-provider.js'
import { openRegistryFolder } from '../../../runtime/discovery/local/registry-folder.js'
import { readSharedSecret } from '../../../runtime/discovery/local/shared-secret.js'
import { createPeerId, startPeer } from '../../../runtime/peer/create-peer.js'
import { readEnvironment } from '../../../runtime/peer/environment.js'
import { readSettings } from '../../../runtime/peer/peer-options.js'
import { HttpTransport } from '../../../runtime/transport/http/http-transport.js'
import { Trust } from '../../../runtime/transport/http/trust.js'
import { describeBuiltins } from './describe-builtins.js'
import { describeCalls } from './describe-calls.js'
import { describeClosing } from './describe-closing.js'
import { describeCodecs } from './describe-codecs.js'
import { describeDisclosure } from './describe-disclosure.js'
import { describeErrors } from './describe-errors.js'
import { describeInterceptors } from './describe-interceptors.js'
import { describeMisuse } from './describe-misuse.js'
import { describeNestedCalls } from './describe-nested-calls.js'
import { describeRepeats } from './describe-repeats.js'
import { describeThrows } from './describe-throws.js'
import { createSocketHarness } from './socket-harness.js'

/** A peer that calls by single HTTP requests, as other HTTP clients do. */
async function createHttpPeer(options: PeerOptions & { registry: string }): Promise<Peer> {
  const settings = readSettings(options, readEnvironment({}))
  const { secretPath, peersPath } = await openRegistryFolder(options.registry)
  const trust = new Trust(await readSharedSecret(secretPath))
  const { port, logger } = settings
  return startPeer(settings, {
    id: createPeerId(),
    transport: new HttpTransport({ trust, port, logger }),
    provider: new LocalProvider(peersPath, logger),
  })
}

for (const describeSuite of [
  describeCalls,
  describeNestedCalls,
  describeClosing,
  describeRepeats,
  describeErrors,
  describeMisuse,
  describeThrows,
  describeDisclosure,
  describeBuiltins,
  describeCodecs,
  describeInterceptors,
]) {
  describeSuite('HTTP', () => createSocketHarness(createHttpPeer))
}
