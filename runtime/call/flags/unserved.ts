import { isInstance } from '../../errors/is-error.js'
import type { NetgenError } from '../../errors/netgen-error.js'
import { isRefusal, refuse } from '../../errors/refuse.js'
import type { Connections } from '../connections.js'
import { RemoteFailure } from '../remote-failure.js'

/** What is known of a call to what is not served. */
export interface Unserved {
  /** The peer in words. */
  readonly peer: string
  /** The tag that was called. */
  readonly asked: string
  /** The tags that are served there. */
  readonly has: readonly string[]
}

/** Makes the error of a call to what is not served; the three facts are properties of it, and travel as such. */
export function refuseUnserved(message: string, facts: Unserved): NetgenError {
  return Object.assign(refuse('unimplemented', message), facts)
}

/** What naming this peer, and what it serves, needs of it. */
interface CallerOptions {
  readonly connections: Connections
  readonly label: (peer: undefined) => string
}

/** The same for a local call that nobody answers. */
export function refuseUnservedHere(tag: string, { connections, label }: CallerOptions): NetgenError {
  const peer = label(undefined)
  const message = `${tag} has no handler here: give peer.connect the handlers, or the call a peer: { peer }`
  return refuseUnserved(message, { peer, asked: tag, has: connections.served.map((served) => served.tag) })
}

/** The three facts, where what a call threw is that error, of this peer or of the one that was called. */
export function readUnserved(thrown: unknown): Unserved | undefined {
  if (isRefusal(thrown)) return thrown.code === 'unimplemented' ? readFacts(thrown) : undefined
  if (!isInstance(thrown, RemoteFailure)) return undefined
  const { kind, code, maybeExecuted, properties } = thrown.record
  // What a handler throws is an answer, whatever it looks like.
  return kind === 'netgen' && code === 'unimplemented' && !maybeExecuted ? readFacts(properties) : undefined
}

function readFacts(source: unknown): Unserved | undefined {
  const { peer, asked, has } = (source ?? {}) as Partial<Record<keyof Unserved, unknown>>
  if (typeof peer !== 'string' || typeof asked !== 'string' || !Array.isArray(has)) return undefined
  return { peer, asked, has: has.filter((tag) => typeof tag === 'string') }
}
