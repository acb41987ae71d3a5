import type { EventDescriptor } from '../api/descriptor.js'
import type { DurableSubscription } from '../api/durable-event.js'
import type { Subscription } from '../api/event.js'
import type { Logger } from '../api/logger.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { ErrorPolicy } from '../call/error-policy.js'
import { refuse } from '../errors/refuse.js'
import { LocalFeed } from '../transport/carry-events.js'
import type { EventLog } from '../transport/event-log.js'
import type { Feed, FeedListener, PublishedEvents } from '../wire/events.js'
import { ConnectedEvent } from './connected-event.js'
import { createEventStub } from './create-event-stub.js'
import { DurableEvents } from './durable/durable-events.js'
import { Emitter } from './publisher/emitter.js'
import { Line } from './publisher/line.js'
import { Publisher } from './publisher/publisher.js'
import { describeFailure } from './subscriber/describe-failure.js'
import { type FollowedPeers, Subscriptions } from './subscriber/subscriptions.js'

/** What events need of the peer. */
export interface PeerEventsOptions {
  /** This peer, as others see it. */
  readonly self: () => RemotePeer
  /** A peer in words. */
  readonly label: () => string
  readonly peers: FollowedPeers
  /** Opens a way to another peer. Throws, or rejects, where there is none. */
  readonly open: (peer: RemotePeer, tag: string, listener: FeedListener) => Feed | Promise<Feed>
  /** Says why this peer cannot subscribe to others; undefined where it can. */
  readonly explainDeafness?: ((tag: string) => string) | undefined
  /** What keeps durable events; undefined: nothing does, and none is connected. */
  readonly eventLog?: EventLog | undefined
  readonly errorPolicy: ErrorPolicy
  readonly logger: Logger
}

/** The events of a peer: those that it emits, and those that it has subscribed to. */
export class PeerEvents {
  readonly #options: PeerEventsOptions
  readonly #publisher: Publisher
  readonly #subscriptions: Subscriptions
  /** By tag, which has one digest: a schema that is connected again has the same ones. */
  readonly #stubs = new Map<string, object>()
  readonly #emitters: Emitter[] = []
  readonly #loading = new Line()
  readonly #durable: DurableEvents | undefined
  #isClosed = false

  constructor(options: PeerEventsOptions) {
    const { self, label, peers, open, eventLog: log, errorPolicy, logger } = options
    this.#options = options
    this.#publisher = new Publisher({ logger })
    this.#subscriptions = new Subscriptions({
      self,
      peers,
      logger,
      open: (peer, tag, listener) =>
        peer.id === self().id ? this.#openHere(tag, listener) : open(peer, tag, listener),
      describeFailure: (event, thrown) => describeFailure({ label, errorPolicy, logger }, event, thrown),
    })
    const refuseClosed = (): void => this.#refuseClosed()
    if (log !== undefined) this.#durable = new DurableEvents({ log, group: self().group, logger, refuseClosed })
  }

  /** What subscriptions of others are handed to. */
  get published(): PublishedEvents {
    return this.#publisher
  }

  /** The open subscriptions of this peer, by the tag of their event. */
  get subscriptions(): ReadonlyMap<string, readonly (Subscription | DurableSubscription)[]> {
    const live: ReadonlyMap<string, readonly (Subscription | DurableSubscription)[]> = this.#subscriptions.byTag
    // An event is one or the other.
    return new Map([...live, ...(this.#durable?.subscriptions ?? [])])
  }

  /** What a stub has of an event. */
  connect(descriptor: EventDescriptor): object {
    if (descriptor.delivery === 'durable' && this.#durable !== undefined) return this.#durable.connect(descriptor)
    const known = this.#stubs.get(descriptor.tag)
    if (known !== undefined) return known
    const { logger, self, explainDeafness } = this.#options
    const refuseClosed = (): void => this.#refuseClosed()
    const event = new ConnectedEvent(descriptor)
    const emitter = new Emitter(event, { publisher: this.#publisher, loading: this.#loading, logger, refuseClosed })
    this.#emitters.push(emitter)
    const { group } = self()
    const stub = createEventStub({
      event,
      emitter,
      subscriptions: this.#subscriptions,
      group,
      refuseClosed,
      explainDeafness,
    })
    this.#stubs.set(descriptor.tag, stub)
    return stub
  }

  /**
   * Ends all subscriptions of this peer. Resolves when all that it was told to emit has been handed out or stored, and the handlers of
   * durable events have ended.
   */
  async leave(): Promise<void> {
    this.#subscriptions.close()
    await this.#durable?.leave()
    await this.#loading.isDone
    await Promise.all(this.#emitters.map(({ isDone }) => isDone))
  }

  /** Hands out what was emitted, and emits nothing more. */
  close(): void {
    this.#isClosed = true
    this.#subscriptions.close()
    this.#publisher.close()
  }

  #openHere(tag: string, listener: FeedListener): Feed {
    const { id, group } = this.#options.self()
    return new LocalFeed({ publisher: this.#publisher, subscriber: { id, group } }, tag, listener)
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw refuse('failed_precondition', 'this peer is closed: make a new one')
  }
}
