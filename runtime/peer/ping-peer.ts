import type { Ping, PingOptions } from '../api/peer.js'
import { CallScope } from '../call/scope/call-scope.js'
import type { Deadlines } from '../call/scope/deadlines.js'
import { checkTimeoutMs } from '../call/scope/timeouts.js'
import { refuseGone } from '../errors/refuse.js'
import { resolveTarget, type Surroundings } from './resolve-target.js'

const PING_TIMEOUT_MS = 1_000

/** Asks a peer who it is, as `peer.ping` says. */
export async function pingPeer(
  target: unknown,
  { timeoutMs = PING_TIMEOUT_MS }: PingOptions,
  surroundings: Surroundings,
  deadlines: Deadlines,
): Promise<Ping> {
  const { self, transport } = surroundings
  const scope = new CallScope(deadlines, 'ping', checkTimeoutMs(timeoutMs))
  try {
    const peer = await resolveTarget(target, surroundings, scope)
    if (peer.id === self.id) return { peer, roundTripMs: 0 }
    const beganAtMs = performance.now()
    const found = await scope.race(transport.identify(peer, scope.sentTimeLeftMs))
    if (found.id !== peer.id) throw refuseGone(`peer ${peer.id} is gone: at its address is ${found.id} now`)
    return { peer: found, roundTripMs: performance.now() - beganAtMs }
  } finally {
    scope.finish()
  }
}
