import { SharedLines } from '../../wire/shared-lines.js'
import { EventLines } from '../../wire/write-events.js'
import type { LeavingEvent } from './topic.js'

/**
 * What is put into one frame for one subscriber, in UTF-16 units, as with calls: the other side can begin while the rest is still made.
 * It is made once, and each frame is written to everyone: so with more of them frames are longer.
 */
const FLUSH_LENGTH = 8 * 1024

/** How long a frame may get however many there are. */
const MAX_FLUSH_LENGTH = 64 * 1024

/**
 * Gathers what one tick emits, and hands it to all subscribers as the same bytes. It holds events of one topic: another one's may go
 * to others, and first leaves what came before, so that each subscriber gets all events in the order in which they were emitted.
 */
export class TickBatch {
  #events: LeavingEvent[] = []
  readonly #lines = new EventLines()
  #isScheduled = false

  add(event: LeavingEvent): void {
    if (this.#events.length > 0 && this.#events[0]?.topic !== event.topic) this.flush()
    this.#events.push(event)
    this.#lines.add(event)
    if (this.#lines.length >= Math.min(FLUSH_LENGTH * event.topic.size, MAX_FLUSH_LENGTH)) this.flush()
    else if (!this.#isScheduled) {
      this.#isScheduled = true
      process.nextTick(this.#flushTick)
    }
  }

  /** Hands over what was gathered. */
  flush(): void {
    const events = this.#events
    const topic = events[0]?.topic
    if (topic === undefined) return
    const lines = new SharedLines(this.#lines.take())
    this.#events = []
    const counts = { delivered: 0, waiting: 0, failed: 0 }
    for (const [outlet, takers] of topic.outlets) counts[outlet.take(lines, events, takers)] += takers
    for (const { emission } of events) emission.handOut(counts)
  }

  readonly #flushTick = (): void => {
    this.#isScheduled = false
    this.flush()
  }
}
