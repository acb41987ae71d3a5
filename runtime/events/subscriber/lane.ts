import type { ErrorRecord } from '../../wire/error-record.js'
import type { ArrivedEvent, Feed, FeedListener, KeptSubscription } from '../../wire/events.js'
import { WaitingLine } from '../waiting-line.js'

/** What is told of what comes over a lane. */
export interface LaneOwner {
  onKept(lane: Lane, kept: KeptSubscription): void
  onEvent(lane: Lane, event: ArrivedEvent, length: number): void
  onLeaving(lane: Lane): void
  onEnd(lane: Lane, error: unknown): void
}

/** An event that has to wait: for those that come before it over another lane, or for what the publisher answers. */
interface Held {
  readonly event: ArrivedEvent
  readonly length: number
}

/** One subscription over one session. */
export class Lane implements FeedListener {
  readonly #owner: LaneOwner
  #feed: Feed | undefined
  #kept: KeptSubscription | undefined
  readonly #held = new WaitingLine<Held>()
  #isLeaving = false
  #isOver = false

  constructor(owner: LaneOwner) {
    this.#owner = owner
  }

  /** What the publisher has answered; undefined before. */
  get kept(): KeptSubscription | undefined {
    return this.#kept
  }

  /** Whether its session takes nothing new: it cannot be renewed. */
  get isLeaving(): boolean {
    return this.#isLeaving
  }

  /** It has a session. */
  carry(feed: Feed): void {
    if (this.#isOver) feed.close()
    else this.#feed = feed
  }

  /** Keeps an event back. The oldest are given up for new ones, and missed. */
  hold(event: ArrivedEvent, length: number): void {
    // The gap in their numbers tells of those that are dropped.
    this.#held.push({ event, length }, () => {})
  }

  takeHeld(): readonly Held[] {
    return this.#held.remove(() => true)
  }

  renew(): void {
    if (!this.#isOver) this.#feed?.renew()
  }

  reportFailure(sequence: number, error: ErrorRecord): void {
    this.#feed?.reportFailure(sequence, error)
  }

  /** Nothing is heard of it any more. */
  close(): void {
    this.#isOver = true
    this.#feed?.close()
  }

  onKept(kept: KeptSubscription): void {
    if (this.#isOver) return
    this.#kept = kept
    this.#owner.onKept(this, kept)
  }

  onEvent(event: ArrivedEvent, length: number): void {
    if (!this.#isOver) this.#owner.onEvent(this, event, length)
  }

  onLeaving(): void {
    this.#isLeaving = true
    if (!this.#isOver) this.#owner.onLeaving(this)
  }

  onEnd(error: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#owner.onEnd(this, error)
  }
}
