import type { Logger } from '../../api/logger.js'
import type { EventSink } from '../../wire/events.js'
import { SharedLines } from '../../wire/shared-lines.js'
import { EventLines } from '../../wire/write-events.js'
import { WaitingLine } from '../waiting-line.js'
import type { LeavingEvent, Taker, Topic } from './topic.js'

/** How much is put together when one who was slow catches up, in UTF-16 units: large frames, and many of them. */
const CATCH_UP_LENGTH = 64 * 1024

/** One way to one subscriber, and what waits for it. While nothing waits, it is sent what all others are. */
export class Subscriber implements Taker {
  readonly topics: Set<Topic> = new Set()
  readonly #sink: EventSink
  readonly #logger: Logger
  readonly #waiting = new WaitingLine<LeavingEvent>()
  readonly #resume = (): void => this.#catchUp()
  /** How many were dropped since it last kept up. */
  #dropped = 0

  constructor(sink: EventSink, logger: Logger) {
    this.#sink = sink
    this.#logger = logger
  }

  get id(): string {
    return this.#sink.subscriber.id
  }

  take(lines: SharedLines, events: readonly LeavingEvent[]): boolean {
    if (this.#waiting.isEmpty && !this.#sink.isCongested(this.#resume)) {
      this.#sink.send(lines)
      return true
    }
    for (const event of events) this.#waiting.push(event, this.#onDrop)
    return false
  }

  /** The first of a topic that waits. */
  findWaiting(topic: Topic): LeavingEvent | undefined {
    return this.#waiting.items.find((event) => event.topic === topic)
  }

  giveUp(topic: Topic): void {
    for (const { emission } of this.#waiting.remove((event) => event.topic === topic)) emission.fail()
  }

  lapse(topic: Topic): void {
    this.#sink.onLapse(topic.number)
  }

  #catchUp(): void {
    while (!this.#waiting.isEmpty) {
      if (this.#sink.isCongested(this.#resume)) return
      const events: LeavingEvent[] = []
      const lines = new EventLines()
      while (lines.length < CATCH_UP_LENGTH) {
        const next = this.#waiting.shift()
        if (next === undefined) break
        events.push(next)
        lines.add(next)
      }
      this.#sink.send(new SharedLines(lines.take()))
      for (const { emission } of events) emission.deliver()
    }
    if (this.#dropped === 0) return
    this.#logger.warn('a subscriber has caught up', { subscriber: this.id, dropped: this.#dropped })
    this.#dropped = 0
  }

  readonly #onDrop = ({ emission, topic: { tag } }: LeavingEvent): void => {
    emission.drop()
    if (this.#dropped++ > 0) return
    this.#logger.warn('a subscriber reads too slowly: its oldest events are dropped', { subscriber: this.id, tag })
  }
}
