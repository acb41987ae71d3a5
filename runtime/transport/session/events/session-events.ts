import type { Feed, FeedListener, PublishedEvents } from '../../../wire/events.js'
import type { CallerIdentity } from '../../../wire/exchange.js'
import type { ReadEvents } from '../../../wire/read-events.js'
import type { Link } from '../link.js'
import type { Outlet } from '../outlet.js'
import type { EventMessage } from './event-messages.js'
import { KeptSubscriptions } from './kept-subscriptions.js'
import { type FeedAnswer, OwnFeeds } from './own-feeds.js'

/** What events need of their session. */
export interface EventsHost {
  readonly link: Pick<Link, 'bufferedBytes' | 'onceDrained'>
  readonly outlet: Pick<Outlet, 'write' | 'sendShared'>
  /** The events of this side. */
  readonly source: PublishedEvents
  /** The id of the next message that asks for something. Throws `unavailable` where the session takes nothing new. */
  readonly takeNextId: () => number
  /** The other side has sent what no peer sends. */
  readonly onMistake: (reason: string) => void
  /** A subscription has ended, of either side. */
  readonly onEnd: () => void
  /** Whether a message that asks for something may have this id. Where not, the session has ended. */
  readonly takeId: (id: number) => boolean
}

/** What goes over one session for events, both ways. */
export class SessionEvents {
  readonly #host: EventsHost
  readonly #feeds: OwnFeeds
  readonly #subscriptions: KeptSubscriptions

  constructor(host: EventsHost) {
    this.#host = host
    this.#feeds = new OwnFeeds(host)
    this.#subscriptions = new KeptSubscriptions(host)
  }

  /** Whether neither side is subscribed to anything. */
  get isEmpty(): boolean {
    return this.#feeds.isEmpty && this.#subscriptions.isEmpty
  }

  /** Whether a subscription of this side's waits for its answer under this id. */
  isSubscribing(id: number): boolean {
    return this.#feeds.hasAsked(id)
  }

  /** Whether this side is subscribed to the event that the other side has given this number. */
  isSubscribed(event: number): boolean {
    return this.#feeds.hasKept(event)
  }

  subscribe(tag: string, listener: FeedListener): Feed {
    return this.#feeds.open(tag, listener)
  }

  /** `length` is that of the message's line. */
  receiveEvents(events: ReadEvents, length: number): void {
    this.#feeds.receive(events, length)
  }

  receive(message: Extract<EventMessage, { kind: 'subscribe' | 'failure' }>, from: CallerIdentity): void {
    if (message.kind === 'failure') this.#subscriptions.takeFailure(message)
    else if (this.#host.takeId(message.id)) this.#subscriptions.keep(message, from)
  }

  /** Answers false where no subscription was asked for under this id. */
  settle(id: number, answer: FeedAnswer): boolean {
    return this.#feeds.settle(id, answer)
  }

  /** Answers false where no subscription of the other side's has this id. */
  cancel(id: number): boolean {
    return this.#subscriptions.cancel(id)
  }

  /** The session takes nothing new. */
  leave(): void {
    this.#feeds.leave()
  }

  /** The session has ended. */
  lose(error: Error): void {
    this.#subscriptions.lose()
    this.#feeds.lose(error)
  }
}
