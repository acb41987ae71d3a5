import type { DeliveryFailure } from '../../api/event.js'
import type { SharedLines } from '../../wire/shared-lines.js'
import type { WrittenEvent } from '../../wire/write-events.js'
import type { OpenEmission, Outcome } from './open-emission.js'

/** One event as a schema has it. */
export interface Channel {
  /** Its own tag, and older ones of it. */
  readonly tags: readonly string[]
  /** Equal digests mean equal wire formats. */
  readonly digest: string
  /** How many were emitted. */
  sequence: number
  /** Those of its tags that somebody has subscribed to. Never changed, but replaced: whoever goes through them has those of his moment. */
  topics: readonly Topic[]
  /** Is told of a subscriber's failure, as that one reports it. */
  readonly onFailure: (failure: DeliveryFailure) => void
}

/** One event on its way out. */
export interface LeavingEvent extends WrittenEvent {
  readonly topic: Topic
  /** Of its payload, in UTF-16 units. */
  readonly length: number
  readonly emission: OpenEmission
}

/** Where events leave to one taker, or to several at once. */
export interface Outlet {
  /** Lets events of a topic leave at once, as `lines`, for so many takers, or lets them wait; answers which. */
  take(lines: SharedLines, events: readonly LeavingEvent[], takers: number): Outcome
  /** What waits of a topic does not leave any more. */
  giveUp(topic: Topic): void
}

/** Who is handed events. */
export interface Taker {
  /** The id of the peer that it is. */
  readonly id: string
  readonly outlet: Outlet
  readonly topics: Set<Topic>
  /** Its subscription to a topic was not renewed, and has ended. */
  lapse(topic: Topic): void
}

/** For how many beats a subscription holds that is not renewed. */
export const BEATS_PER_LEASE = 3

/** A tag that somebody has subscribed to: one of a channel, or one that no schema here has yet. */
export class Topic {
  readonly tag: string
  /** What its messages begin with. */
  readonly number: number
  channel: Channel | undefined
  /** For how many more beats each of them stays. */
  readonly #beatsLeft = new Map<Taker, number>()
  /** Where its events leave, and for how many takers. */
  readonly #outlets = new Map<Outlet, number>()

  constructor(tag: string, number: number, channel: Channel | undefined) {
    this.tag = tag
    this.number = number
    this.join(channel)
  }

  get size(): number {
    return this.#beatsLeft.size
  }

  get outlets(): Iterable<readonly [Outlet, takers: number]> {
    return this.#outlets
  }

  /** It belongs to a channel from now on. */
  join(channel: Channel | undefined): void {
    this.channel = channel
    if (channel !== undefined) channel.topics = [...channel.topics, this]
  }

  /** Nobody is subscribed to it any more. */
  leave(): void {
    const { channel } = this
    if (channel !== undefined) channel.topics = channel.topics.filter((topic) => topic !== this)
  }

  /** Keeps a subscription, or renews it. */
  keep(taker: Taker): void {
    const { outlet } = taker
    if (!this.#beatsLeft.has(taker)) this.#outlets.set(outlet, (this.#outlets.get(outlet) ?? 0) + 1)
    this.#beatsLeft.set(taker, BEATS_PER_LEASE)
    taker.topics.add(this)
  }

  drop(taker: Taker): void {
    if (!this.#beatsLeft.delete(taker)) return
    const { outlet } = taker
    taker.topics.delete(this)
    const left = (this.#outlets.get(outlet) ?? 1) - 1
    if (left > 0) {
      this.#outlets.set(outlet, left)
      return
    }
    this.#outlets.delete(outlet)
    outlet.giveUp(this)
  }

  /**
   * A part of a lease has passed. Answers whose has lapsed. Beats are counted, and not time: of a process that was stopped nobody
   * could have been heard.
   */
  beat(): Taker[] {
    const lapsed: Taker[] = []
    for (const [taker, beatsLeft] of this.#beatsLeft) {
      if (beatsLeft > 0) this.#beatsLeft.set(taker, beatsLeft - 1)
      else lapsed.push(taker)
    }
    return lapsed
  }
}
