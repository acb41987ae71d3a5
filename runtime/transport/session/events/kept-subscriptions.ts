import { isRefusal } from '../../../errors/refuse.js'
import type { EventSink, PublishedEvents } from '../../../wire/events.js'
import type { CallerIdentity } from '../../../wire/exchange.js'
import { createRefusal } from '../../../wire/refusal-record.js'
import type { Link } from '../link.js'
import { writeError, writeResult } from '../message.js'
import type { Outlet } from '../outlet.js'
import { isCongested } from '../streams/open-stream.js'
import { type EventMessage, printKept } from './event-messages.js'

/** What kept subscriptions need of their session. */
export interface SubscriptionsHost {
  readonly link: Pick<Link, 'bufferedBytes' | 'onceDrained'>
  readonly source: PublishedEvents
  readonly outlet: Pick<Outlet, 'write' | 'sendShared'>
  /** A subscription has ended. */
  readonly onEnd: () => void
}

/** The subscriptions of the other side of a session to events of this side's. */
export class KeptSubscriptions {
  readonly #host: SubscriptionsHost
  /** The event of each subscription, by the id of the last message that asked for it. */
  readonly #events = new Map<number, number>()
  readonly #ids = new Map<number, number>()
  #sink: EventSink | undefined

  constructor(host: SubscriptionsHost) {
    this.#host = host
  }

  get isEmpty(): boolean {
    return this.#events.size === 0
  }

  /** Keeps or renews a subscription, or refuses it. */
  keep({ id, tag }: Extract<EventMessage, { kind: 'subscribe' }>, subscriber: CallerIdentity): void {
    const { source, outlet } = this.#host
    this.#sink ??= this.#createSink(subscriber)
    try {
      const kept = source.keep(this.#sink, tag)
      this.#events.delete(this.#ids.get(kept.event) ?? 0)
      this.#events.set(id, kept.event)
      this.#ids.set(kept.event, id)
      outlet.write(writeResult(id, printKept(kept)))
    } catch (error) {
      if (!isRefusal(error)) throw error
      outlet.write(writeError(id, createRefusal(error.code, error.message)))
    }
  }

  /** Answers false where no subscription has this id. */
  cancel(id: number): boolean {
    const event = this.#events.get(id)
    if (event === undefined || this.#sink === undefined) return false
    this.#host.source.drop(this.#sink, event)
    this.#forget(event)
    return true
  }

  takeFailure({ event, sequence, error }: Extract<EventMessage, { kind: 'failure' }>): void {
    if (this.#sink !== undefined) this.#host.source.takeFailure(this.#sink, event, sequence, error)
  }

  /** The session has ended. */
  lose(): void {
    this.#events.clear()
    this.#ids.clear()
    if (this.#sink !== undefined) this.#host.source.end(this.#sink)
  }

  #createSink(subscriber: CallerIdentity): EventSink {
    const { link, outlet } = this.#host
    return {
      subscriber,
      way: {
        reader: subscriber.id,
        send: (lines) => {
          outlet.sendShared(lines)
          return true
        },
        isCongested: (resume) => isCongested(link, resume),
      },
      onLapse: (event) => this.#forget(event),
    }
  }

  #forget(event: number): void {
    const id = this.#ids.get(event)
    if (id === undefined) return
    this.#events.delete(id)
    this.#ids.delete(event)
    this.#host.onEnd()
  }
}
