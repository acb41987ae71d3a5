import { runOutside } from '../call/scope/running-call.js'
import { isRefusal, refuse } from '../errors/refuse.js'
import type { ErrorRecord } from '../wire/error-record.js'
import type { EventSink, EventWay, Feed, FeedListener, PublishedEvents } from '../wire/events.js'
import type { CallerIdentity } from '../wire/exchange.js'
import { handOutEvents, readEventsLine } from '../wire/read-events.js'
import { receiveError } from '../wire/receive-answer.js'
import type { SharedLines } from '../wire/shared-lines.js'
import { readLines } from './frame-writer.js'

/** How events get from a publisher to a subscriber in the same process. */
export interface LocalWay {
  readonly publisher: PublishedEvents
  readonly subscriber: CallerIdentity
  /** Resolves when what leaves now has arrived, in order; absent where that takes no time. */
  readonly travel?: () => Promise<void> | undefined
  /** The subscription has ended, whoever ended it. */
  readonly onEnd?: () => void
}

/** A subscription inside one process: lines as over a session, without one. */
export class LocalFeed implements Feed, EventSink, EventWay {
  readonly subscriber: CallerIdentity
  readonly #way: LocalWay
  readonly #tag: string
  readonly #listener: FeedListener
  #event: number | undefined
  #isOver = false

  constructor(way: LocalWay, tag: string, listener: FeedListener) {
    this.#way = way
    this.#tag = tag
    this.#listener = listener
    this.subscriber = way.subscriber
    this.renew()
  }

  get way(): this {
    return this
  }

  get reader(): string {
    return this.subscriber.id
  }

  renew(): void {
    void this.#arrive(() => {
      try {
        const kept = this.#way.publisher.keep(this, this.#tag)
        this.#event = kept.event
        // What was sent before arrives before.
        void this.#arrive(() => this.#listener.onKept(kept))
      } catch (error) {
        if (!isRefusal(error)) throw error
        this.lose(error)
      }
    })
  }

  reportFailure(sequence: number, error: ErrorRecord): void {
    const event = this.#event
    if (event === undefined) return
    const received = receiveError(error)
    void this.#arrive(() => this.#way.publisher.takeFailure(this, event, sequence, received))
  }

  close(): void {
    this.#end()
  }

  /** What carries it will be gone, once what was sent has arrived. */
  finish(): void {
    void this.#arrive(() => this.lose())
  }

  /** What carries it is lost. */
  lose(error: Error = refuse('unavailable', 'the connection was lost')): void {
    if (this.#isOver) return
    this.#end()
    this.#listener.onEnd(error)
  }

  send({ text }: SharedLines): boolean {
    void this.#arrive(() => readLines(text, (line) => this.#receive(line)))
    return true
  }

  isCongested(): boolean {
    return false
  }

  /** It is renewed for as long as it is wanted: that keeps it again. */
  onLapse(): void {}

  #receive(line: string): void {
    const events = readEventsLine(line)
    if (events === undefined) return
    handOutEvents(events, line.length, (event, length) => {
      if (!this.#isOver) this.#listener.onEvent(event, length)
    })
  }

  /** Later in any case: whoever emits is not held up by who subscribes, and what arrives has an order. */
  async #arrive(happen: () => void): Promise<void> {
    await this.#way.travel?.()
    if (!this.#isOver) runOutside(happen)
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#way.publisher.end(this)
    this.#way.onEnd?.()
  }
}
