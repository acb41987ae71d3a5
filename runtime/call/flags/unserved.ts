import { isInstance } from '../../errors/is-error.js'
import type { NetgenError } from '../../errors/netgen-error.js'
import { findUnserved, refuseUnserved, type Unserved } from '../../errors/unserved.js'
import type { Connections } from '../connections.js'
import { RemoteFailure } from '../remote-failure.js'

/** What naming this peer, and what it serves, needs of it. */
interface CallerOptions {
  readonly connections: Connections
  readonly label: (peer: undefined) => string
}

/** The error of a local call that nobody answers. */
export function refuseUnservedHere(tag: string, { connections, label }: CallerOptions): NetgenError {
  const message = `${tag} has no handler here: give peer.connect the handlers, or the call a peer: { peer }`
  return refuseUnserved(message, {
    peer: label(undefined),
    asked: tag,
    has: connections.served.map((served) => served.tag),
  })
}

/** What is known of a call to what is not served, where that is what it threw, here or at the peer that was called. */
export function readUnserved(thrown: unknown): Unserved | undefined {
  return isInstance(thrown, RemoteFailure) ? thrown.record.unserved : findUnserved(thrown)
}
