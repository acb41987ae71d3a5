import type { ConnectionDescriptor, Descriptor } from './descriptor.js'

/** What a peer may be asked to serve: a generated schema, one of its connections, or a stub's function. */
export type Serving = Descriptor<unknown, unknown> | ConnectionDescriptor | ((...args: never[]) => unknown)

/** Which peers one may be chosen from. */
export interface AnyFilter {
  /** One group or several, matched whole. Default: the caller's own. */
  readonly groups?: string | readonly string[]
  /** Only hubs. Default: false. */
  readonly hubsOnly?: boolean
  /** Only peers at this host name or address. Default: any. */
  readonly onHost?: string
  /** Only peers that serve this, compatibly: by now, with an equal digest. Default: the connection that is called. */
  readonly has?: Serving
}

const FILTER: unique symbol = Symbol.for('netgen.any') as never

/** Any one of several peers, which each call chooses anew. Made by `any`. */
export interface AnyPeer {
  readonly [FILTER]: AnyFilter
}

/**
 * A target that is any peer that fits, for `{ peer: any() }`: of two picked at random the one with fewer calls of this peer in flight.
 * Peers that do not serve the connection, and suspects, are left out. A call that certainly did not run, and an idempotent one that may
 * have, moves on to another peer where it fails because of its own.
 */
export function any(filter?: AnyFilter): AnyPeer {
  return filter === undefined ? ANYBODY : Object.freeze({ [FILTER]: Object.freeze({ ...filter }) })
}

const ANYBODY: AnyPeer = Object.freeze({ [FILTER]: Object.freeze({}) })

/** What a target was made with; undefined where it is none that `any` made. */
export function readAny(target: object): AnyFilter | undefined {
  return (target as Partial<AnyPeer>)[FILTER]
}
