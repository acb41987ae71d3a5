import type { Address } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { Exchange } from './exchange.js'

/** For how long somebody who sends beats is taken for one who still does, in milliseconds. */
const CALLER_MS = 10_000

/** For how long the way to a peer that was not heard any more is tried, in milliseconds. */
const LOST_MS = 600_000

/** Somebody with whom beats are, or were, exchanged. */
export interface Acquaintance {
  readonly exchange: Exchange
  /**
   * `stranger`: it sends beats, and is not in the table. `known`: the table has it. `lost`: the table gave it up by its silence.
   * `departed`: it said goodbye.
   */
  state: 'stranger' | 'known' | 'lost' | 'departed'
  /** As the table had it last. */
  peer: RemotePeer | undefined
  /** Where its last beat came from. */
  origin: Address | undefined
  /** When the state changed last. */
  changedAtMs: number
  heardAtMs: number
  /** How often a stranger was greeted or claimed, and when it may be again. */
  greetings: number
  nextClaimAtMs: number
}

/** Twice a table: its peers, and as many who have left it or are not in it yet. */
const MAX_ACQUAINTANCES = 2_048

/** Those with whom beats are exchanged, by id. */
export class Acquaintances {
  readonly #all = new Map<string, Acquaintance>()

  /** The one with this id, new as a stranger. */
  find(id: string): Acquaintance {
    const known = this.#all.get(id)
    if (known !== undefined) return known
    if (this.#all.size >= MAX_ACQUAINTANCES) this.#forgetOldest()
    const never = Number.NEGATIVE_INFINITY
    const made: Acquaintance = {
      exchange: new Exchange(),
      state: 'stranger',
      peer: undefined,
      origin: undefined,
      changedAtMs: never,
      heardAtMs: never,
      greetings: 0,
      nextClaimAtMs: never,
    }
    this.#all.set(id, made)
    return made
  }

  /** Those to whom beats go: peers of the table, and for some time those that it gave up. */
  listTargets(nowMs: number): RemotePeer[] {
    return [...this.#all.values()].flatMap(({ state, peer, changedAtMs }) =>
      peer !== undefined && (state === 'known' || (state === 'lost' && nowMs - changedAtMs < LOST_MS)) ? [peer] : [],
    )
  }

  /** Those whom a goodbye concerns: peers of the table, and whoever sent a beat not long ago. */
  listListeners(nowMs: number): string[] {
    return [...this.#all].flatMap(([id, { state, heardAtMs }]) =>
      state === 'known' || (state !== 'departed' && nowMs - heardAtMs < CALLER_MS) ? [id] : [],
    )
  }

  #forgetOldest(): void {
    for (const [id, { state }] of this.#all) {
      if (state === 'known') continue
      this.#all.delete(id)
      return
    }
  }
}
