import type { RemotePeer } from '../../api/remote-peer.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { ArrivedEvent, Feed, KeptSubscription } from '../../wire/events.js'
import { Lane, type LaneOwner } from './lane.js'

/** Whom what arrives is handed to. */
export interface FeedTaker {
  take(peer: RemotePeer, event: ArrivedEvent, missed: number, length: number): void
  miss(peer: RemotePeer, sequence: number, missed: number): void
}

/** What a feed needs of the peer. */
export interface PublisherFeedOptions {
  /** Opens a way to the publisher. Throws, or rejects, where there is none. */
  readonly open: (peer: RemotePeer, lane: Lane) => Feed | Promise<Feed>
  /** The publisher cannot be subscribed to now; it is tried again. */
  readonly onRefused: (peer: RemotePeer, error: unknown) => void
  /** How long to wait before the next attempt after so many that failed, in milliseconds. */
  readonly waitMs: (failures: number) => number
}

/** How often a lease is renewed before it lapses. */
const RENEWALS_PER_LEASE = 3

/** How soon it is renewed at the earliest, and at the latest, in milliseconds, whatever lease the publisher gives. */
const MIN_RENEWAL_MS = 1_000
const MAX_RENEWAL_MS = 3_600_000

/**
 * One event of one publisher, for all subscriptions of this peer to it, for as long as the publisher is there: over one session after
 * the other, each of them continuing where the last one ended. What is lost between two is counted.
 */
export class PublisherFeed implements LaneOwner {
  readonly #options: PublisherFeedOptions
  /** Never changed: what arrives is handed to those of its moment, and finding them costs nothing. */
  #takers: readonly FeedTaker[] = []
  /** Takers who were not there when the publisher was last heard: what was missed before is not for them. */
  readonly #fresh = new Set<FeedTaker>()
  /** Attempts that failed one after the other. */
  #failures = 0
  #peer: RemotePeer
  /** What is listened to. */
  #lane: Lane | undefined
  /** What will be, once the other has given all that came before. */
  #next: Lane | undefined
  /** The last one that was handed over, or is known to be missing. */
  #sequence: number | undefined
  #isAway = true
  #renewal: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined
  #settleFirst = (): void => {}
  /** Resolves when the first attempt has ended, either way. */
  readonly tried: Promise<void> = new Promise((resolve) => {
    this.#settleFirst = resolve
  })

  constructor(peer: RemotePeer, options: PublisherFeedOptions) {
    this.#peer = peer
    this.#options = options
  }

  get peer(): RemotePeer {
    return this.#peer
  }

  /** Whether the publisher sends to it now. */
  get isKept(): boolean {
    return this.#lane?.kept !== undefined && !this.#isAway
  }

  /** Whether the publisher is gone. */
  get isAway(): boolean {
    return this.#isAway
  }

  get isEmpty(): boolean {
    return this.#takers.length === 0
  }

  add(taker: FeedTaker): void {
    if (this.has(taker)) return
    this.#takers = [...this.#takers, taker]
    if (!this.isKept) this.#fresh.add(taker)
  }

  delete(taker: FeedTaker): void {
    this.#takers = this.#takers.filter((some) => some !== taker)
    this.#fresh.delete(taker)
  }

  has(taker: FeedTaker): boolean {
    return this.#takers.includes(taker)
  }

  /** The publisher is there, or somewhere else. */
  meet(peer: RemotePeer): void {
    this.#peer = peer
    if (!this.#isAway) return
    this.#isAway = false
    this.#failures = 0
    if (this.#lane === undefined) void this.#open()
  }

  /** The publisher is gone. What it has sent may still arrive; and what was heard is remembered, in case it returns. */
  part(): void {
    this.#isAway = true
    clearTimeout(this.#retry)
    this.#settleFirst()
  }

  /** Nobody here wants it any more. */
  close(): void {
    this.part()
    clearTimeout(this.#renewal)
    const lanes = [this.#lane, this.#next]
    this.#lane = undefined
    this.#next = undefined
    for (const lane of lanes) lane?.close()
  }

  reportFailure(sequence: number, error: ErrorRecord): void {
    this.#lane?.reportFailure(sequence, error)
  }

  onKept(lane: Lane, kept: KeptSubscription): void {
    if (lane === this.#next) {
      if (this.#hasAllBefore(kept)) this.#switch()
      return
    }
    if (lane !== this.#lane) return
    this.#failures = 0
    this.#skipTo(kept.sequence)
    this.#renewLater(lane, kept)
    this.#settleFirst()
    this.#handOverHeld(lane)
  }

  onEvent(lane: Lane, event: ArrivedEvent, length: number): void {
    const isNext = lane === this.#next
    if (!isNext && lane !== this.#lane) return
    if (isNext || lane.kept === undefined) {
      lane.hold(event, length)
      return
    }
    this.#handOver(event, length)
    const next = this.#next?.kept
    if (next !== undefined && this.#hasAllBefore(next)) this.#switch()
  }

  onLeaving(lane: Lane): void {
    if (lane !== this.#lane) return
    clearTimeout(this.#renewal)
    if (this.#next === undefined) void this.#open()
  }

  onEnd(lane: Lane, error: unknown): void {
    if (lane === this.#next) {
      this.#next = undefined
      // It is leaving, and waits for nothing else.
      this.#lane?.close()
    } else if (lane !== this.#lane) return
    this.#lane = undefined
    if (this.#next !== undefined) this.#switch()
    else this.#tryAgain(error)
  }

  async #open(): Promise<void> {
    const lane = new Lane(this)
    if (this.#lane === undefined) this.#lane = lane
    else this.#next = lane
    try {
      lane.carry(await this.#options.open(this.#peer, lane))
    } catch (error) {
      lane.onEnd(error)
    }
  }

  #tryAgain(error: unknown): void {
    clearTimeout(this.#renewal)
    this.#settleFirst()
    if (this.#isAway) return
    this.#options.onRefused(this.#peer, error)
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.#open(), this.#options.waitMs(this.#failures++)).unref()
  }

  #renewLater(lane: Lane, { leaseMs }: KeptSubscription): void {
    clearTimeout(this.#renewal)
    if (lane.isLeaving) return
    const afterMs = Math.min(Math.max(leaseMs / RENEWALS_PER_LEASE, MIN_RENEWAL_MS), MAX_RENEWAL_MS)
    this.#renewal = setTimeout(() => lane.renew(), afterMs).unref()
  }

  #hasAllBefore({ sequence }: KeptSubscription): boolean {
    return this.#sequence !== undefined && this.#sequence >= sequence
  }

  /** Goes on with the next lane, which may still have to be kept. */
  #switch(): void {
    const [last, lane] = [this.#lane, this.#next]
    this.#lane = lane
    this.#next = undefined
    last?.close()
    if (lane?.kept === undefined) return
    this.#skipTo(lane.kept.sequence)
    this.#renewLater(lane, lane.kept)
    this.#handOverHeld(lane)
    // It was told so before it was its turn.
    if (lane.isLeaving) this.onLeaving(lane)
  }

  #skipTo(sequence: number): void {
    const missed = this.#sequence === undefined ? 0 : sequence - this.#sequence
    if (this.#sequence === undefined || missed > 0) this.#sequence = sequence
    if (missed > 0) {
      for (const taker of this.#takers) if (!this.#fresh.has(taker)) taker.miss(this.#peer, sequence, missed)
    }
    this.#fresh.clear()
  }

  #handOverHeld(lane: Lane): void {
    for (const { event, length } of lane.takeHeld()) this.#handOver(event, length)
  }

  #handOver(event: ArrivedEvent, length: number): void {
    const { sequence } = event
    const missed = sequence - (this.#sequence ?? sequence - 1) - 1
    // It came over the session before, or was emitted before the subscription.
    if (missed < 0) return
    this.#sequence = sequence
    const takers = this.#takers
    let left = takers.length
    for (const taker of takers) {
      // A handler may change what it is given, which is not what the next one gets.
      const own = --left === 0 ? event : { ...event, payload: structuredClone(event.payload) }
      taker.take(this.#peer, own, missed, length)
    }
  }
}
