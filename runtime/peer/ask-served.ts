import type { NetgenStub } from '../../schemas/generated/netgen.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { Served } from '../discovery/served-by.js'

/** How long a peer may take to say what it serves, in milliseconds. */
const ASK_TIMEOUT_MS = 1_000

/** Asks a peer what it serves, as no part of the call that happens to need it. Rejects as any call does. */
export async function askServed(builtins: NetgenStub, peer: RemotePeer): Promise<readonly Served[]> {
  const { connections } = await builtins.info({ peer, timeoutMs: ASK_TIMEOUT_MS, retryMs: 0, detached: true })
  return connections
}
