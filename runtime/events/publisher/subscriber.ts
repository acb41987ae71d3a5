import type { EventSink } from '../../wire/events.js'
import type { EventOutlet } from './event-outlet.js'
import type { Taker, Topic } from './topic.js'

/** One subscriber, and where its events leave: others may share that. */
export class Subscriber implements Taker {
  readonly topics: Set<Topic> = new Set()
  readonly outlet: EventOutlet
  readonly #sink: EventSink

  constructor(sink: EventSink, outlet: EventOutlet) {
    this.#sink = sink
    this.outlet = outlet
  }

  get id(): string {
    return this.#sink.subscriber.id
  }

  lapse(topic: Topic): void {
    this.#sink.onLapse(topic.number)
  }
}
