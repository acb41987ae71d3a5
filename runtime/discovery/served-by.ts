import type { Serving } from '../api/any-peer.js'
import type { Logger } from '../api/logger.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { findCalled } from '../call/called-connections.js'

/** A connection that a peer has to serve. */
export interface Need {
  readonly tag: string
  readonly digest: string
}

/** A connection that a peer serves. */
export interface Served extends Need {
  readonly aliases: readonly string[]
}

/** What is needed of a peer that serves something; undefined where the value is nothing that can be served. */
export function readNeeds(serving: Serving): readonly Need[] | undefined {
  const described = typeof serving === 'function' ? findCalled(serving) : serving
  if (typeof described !== 'object' || described === null) return undefined
  const connections = 'connections' in described ? described.connections : [described]
  if (!Array.isArray(connections)) return undefined
  const needs = connections.map(({ tag, digest }: Partial<Need>) => ({ tag, digest }))
  return needs.every((need): need is Need => typeof need.tag === 'string' && typeof need.digest === 'string')
    ? needs
    : undefined
}

/** How many peers are remembered: as many as a table knows. */
const MAX_KNOWN = 1_024

interface Known {
  /** By tag and alias. */
  readonly digests: ReadonlyMap<string, string>
  readonly askedAtMs: number
}

/** How to know what others serve. */
export interface ServedByOptions {
  /** Asks a peer what it serves. */
  readonly ask: (peer: RemotePeer) => Promise<readonly Served[]>
  readonly logger: Logger
}

/**
 * What other peers serve, as they say themselves. A peer never stops serving what it does, and may begin to serve more: that it
 * serves something is remembered, and that it does not only for a while.
 */
export class ServedBy {
  readonly #options: ServedByOptions
  readonly #known = new Map<string, Known>()
  readonly #asking = new Map<string, Promise<void>>()

  constructor(options: ServedByOptions) {
    this.#options = options
  }

  /** Whether a peer serves all that is needed; undefined where that was not asked, or longer ago than `maxAgeMs` and it was no. */
  find({ id }: RemotePeer, needs: readonly Need[], maxAgeMs: number): boolean | undefined {
    const known = this.#known.get(id)
    if (known === undefined) return undefined
    // Equal digests are equal wire formats: a schema that only grew has another one, and does not count yet.
    if (needs.every(({ tag, digest }) => known.digests.get(tag) === digest)) return true
    return performance.now() - known.askedAtMs < maxAgeMs ? false : undefined
  }

  /** The same, and asks the peer where it is not known. Never rejects: who does not answer serves nothing. */
  async check(peer: RemotePeer, needs: readonly Need[], maxAgeMs: number): Promise<boolean> {
    const known = this.find(peer, needs, maxAgeMs)
    if (known !== undefined) return known
    let asking = this.#asking.get(peer.id)
    if (asking === undefined) {
      asking = this.#ask(peer).finally(() => this.#asking.delete(peer.id))
      this.#asking.set(peer.id, asking)
    }
    await asking
    return this.find(peer, needs, Number.POSITIVE_INFINITY) ?? false
  }

  async #ask(peer: RemotePeer): Promise<void> {
    const askedAtMs = performance.now()
    const digests = new Map<string, string>()
    try {
      for (const { tag, aliases, digest } of await this.#options.ask(peer)) {
        for (const name of [tag, ...aliases]) digests.set(name, digest)
      }
    } catch (error) {
      this.#options.logger.debug('a peer does not say what it serves', { id: peer.id, error })
    }
    this.#known.delete(peer.id)
    this.#known.set(peer.id, { digests, askedAtMs })
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break
      this.#known.delete(oldest)
    }
  }
}
