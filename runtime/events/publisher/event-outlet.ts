import type { Logger } from '../../api/logger.js'
import type { EventWay } from '../../wire/events.js'
import { SharedLines } from '../../wire/shared-lines.js'
import { EventLines } from '../../wire/write-events.js'
import { WaitingLine } from '../waiting-line.js'
import type { Outcome } from './open-emission.js'
import type { LeavingEvent, Outlet, Topic } from './topic.js'

/** How much is put together when a reader who was slow catches up, in UTF-16 units: large frames, and many of them. */
const CATCH_UP_LENGTH = 64 * 1024

/** What stands around a payload, in UTF-16 units: three numbers, all of one byte each. */
const REST_LENGTH = 64

/** An event that waits, and for how many subscribers. */
interface WaitingEvent extends LeavingEvent {
  readonly subscribers: number
}

/** What leaves by one way, and what waits for that. While nothing waits, it is sent what all others are. */
export class EventOutlet implements Outlet {
  readonly #way: EventWay
  readonly #logger: Logger
  readonly #waiting = new WaitingLine<WaitingEvent>()
  readonly #resume = (): void => this.#catchUp()
  /** How many were dropped since it last kept up. */
  #dropped = 0

  constructor(way: EventWay, logger: Logger) {
    this.#way = way
    this.#logger = logger
  }

  take(lines: SharedLines, events: readonly LeavingEvent[], takers: number): Outcome {
    if (this.#waiting.isEmpty && !this.#way.isCongested(this.#resume)) return this.#send(lines, events)
    for (const event of events) this.#waiting.push({ ...event, subscribers: takers }, this.#onDrop)
    return 'waiting'
  }

  /** The first of a topic that waits. */
  findWaiting(topic: Topic): LeavingEvent | undefined {
    return this.#waiting.items.find((event) => event.topic === topic)
  }

  giveUp(topic: Topic): void {
    for (const { emission, subscribers } of this.#waiting.remove((event) => event.topic === topic))
      emission.fail(subscribers)
  }

  #send(lines: SharedLines, events: readonly LeavingEvent[]): Outcome {
    const { maxBytes } = this.#way
    const [first] = events
    const fits = maxBytes === undefined || lines.text.length * 3 <= maxBytes || lines.bytes.length <= maxBytes
    if (first !== undefined && fits) return this.#way.send(lines, first.topic.tag) ? 'delivered' : 'failed'
    let outcome: Outcome = 'delivered'
    for (let start = 0; start < events.length; ) {
      const end = start + this.#countTogether(events.slice(start))
      if (!this.#write(events.slice(start, end))) outcome = 'failed'
      start = end
    }
    return outcome
  }

  #catchUp(): void {
    while (!this.#waiting.isEmpty) {
      if (this.#way.isCongested(this.#resume)) return
      const events = this.#waiting.items.slice(0, this.#countTogether(this.#waiting.items))
      for (const _ of events) this.#waiting.shift()
      const hasLeft = this.#write(events)
      for (const { emission, subscribers } of events) {
        if (hasLeft) emission.deliver(subscribers)
        else emission.fail(subscribers)
      }
    }
    if (this.#dropped === 0) return
    this.#logger.warn('a subscriber has caught up', { subscriber: this.#way.reader, dropped: this.#dropped })
    this.#dropped = 0
  }

  /** How many of the first of some events leave together: those of one topic, as long as there is room for them; one at least. */
  #countTogether(events: readonly LeavingEvent[]): number {
    const maxLength = Math.min(CATCH_UP_LENGTH, Math.floor((this.#way.maxBytes ?? Number.POSITIVE_INFINITY) / 3))
    let length = 0
    const end = events.findIndex(({ topic, length: own }, index) => {
      length += own + REST_LENGTH
      return index > 0 && (topic !== events[0]?.topic || length > maxLength)
    })
    return end === -1 ? events.length : end
  }

  /** Answers whether they have left. */
  #write(events: readonly LeavingEvent[]): boolean {
    const lines = new EventLines()
    for (const event of events) lines.add(event)
    return this.#way.send(new SharedLines(lines.take()), events[0]?.topic.tag ?? '')
  }

  readonly #onDrop = ({ emission, subscribers, topic: { tag } }: WaitingEvent): void => {
    emission.drop(subscribers)
    if (this.#dropped++ > 0) return
    const { reader } = this.#way
    this.#logger.warn('a subscriber reads too slowly: its oldest events are dropped', { subscriber: reader, tag })
  }
}
