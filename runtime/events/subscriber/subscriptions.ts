import type { EventHandler } from '../../api/event.js'
import type { Logger } from '../../api/logger.js'
import type { PeerChange, PeerFilter } from '../../api/peer.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { isRefusal, refuse } from '../../errors/refuse.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { Feed, FeedListener } from '../../wire/events.js'
import type { ConnectedEvent } from '../connected-event.js'
import { MAX_REPORTS_PER_SECOND, RateLimits } from '../rate-limits.js'
import type { FailedEvent } from './describe-failure.js'
import { OpenSubscription } from './open-subscription.js'
import { PublisherFeed } from './publisher-feed.js'
import type { SubscriptionSettings } from './read-subscribe-options.js'

/** The peers that there are, and what becomes of them. */
export interface FollowedPeers {
  list(filter: PeerFilter): Promise<RemotePeer[]>
  /** Tells first of each that is there that it has joined, then of every change, until what it answers is called. */
  follow(listener: (change: PeerChange) => void): () => void
}

/** What subscribing needs of the peer. */
export interface SubscriptionsOptions {
  readonly peers: FollowedPeers
  /** This peer, as others see it. */
  readonly self: () => RemotePeer
  /** Opens a way to a publisher, which may be this peer. Throws, or rejects, where there is none. */
  readonly open: (peer: RemotePeer, tag: string, listener: FeedListener) => Feed | Promise<Feed>
  /** Logs what a handler threw, and writes down what the publisher may know of it. */
  readonly describeFailure: (event: FailedEvent, thrown: unknown) => ErrorRecord
  readonly logger: Logger
}

/** How long subscribing waits for peers that do not answer, in milliseconds: they are tried again without it. */
const MAX_WAIT_MS = 2_000

/** How long the next attempt to subscribe to a peer may wait at first, and at last, in milliseconds. */
const FIRST_WAIT_MS = 50
const MAX_RETRY_WAIT_MS = 2_000

/** How many publishers that are gone are remembered, for what they have emitted meanwhile if they return. */
const MAX_REMEMBERED = 1_024

/** The subscriptions of a peer. They reach the peers that are there, and those that join, return or move later. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions
  readonly #subscriptions = new Set<OpenSubscription>()
  /** By tag, then by the id of the publisher: all subscriptions to one event of one publisher share one. */
  readonly #feeds = new Map<string, Map<string, PublisherFeed>>()
  /** Who is there, by id. */
  readonly #peers = new Map<string, RemotePeer>()
  readonly #reports = new RateLimits(MAX_REPORTS_PER_SECOND)
  #unfollow: (() => void) | undefined
  #isClosed = false

  constructor(options: SubscriptionsOptions) {
    this.#options = options
  }

  /** Those that are open, by the tag of their event. A copy. */
  get byTag(): ReadonlyMap<string, readonly OpenSubscription[]> {
    const byTag = new Map<string, OpenSubscription[]>()
    for (const subscription of this.#subscriptions) {
      byTag.set(subscription.tag, [...(byTag.get(subscription.tag) ?? []), subscription])
    }
    return byTag
  }

  /**
   * Subscribes, and resolves when the peers that are there have been asked. Rejects where none of them can be looked for, and with
   * `failed_precondition` where the peer is closed before it has begun.
   *
   * @param onClose Called once the subscription is closed, by whomever.
   */
  async open(
    event: ConnectedEvent,
    handler: EventHandler<unknown>,
    settings: SubscriptionSettings,
    onClose?: () => void,
  ): Promise<OpenSubscription> {
    const { tag } = event
    const checks = await event.checks.get()
    if (this.#isClosed) throw refuse('failed_precondition', 'this peer is closed: make a new one')
    const subscription = new OpenSubscription({
      tag,
      checks,
      handler,
      settings,
      logger: this.#options.logger,
      onFailure: (peer, sequence, thrown) =>
        this.#reportFailure({ tag, digest: event.descriptor.digest, publisher: peer, sequence }, thrown),
      listPeers: (self) => this.#listPeers(self),
      onClose: (self) => {
        this.#remove(self)
        onClose?.()
      },
    })
    if (subscription.isClosed) return subscription
    this.#subscriptions.add(subscription)
    try {
      await this.#reach(subscription, settings)
      return subscription
    } catch (error) {
      await subscription.close()
      throw error
    }
  }

  /** Ends all of them, and opens no more. */
  close(): void {
    this.#isClosed = true
    for (const subscription of [...this.#subscriptions]) void subscription.close()
  }

  async #reach(subscription: OpenSubscription, { groups, self }: SubscriptionSettings): Promise<void> {
    const { peers } = this.#options
    const own = this.#options.self()
    if (self && subscription.fits(own)) this.#attach(subscription, own)
    // Before anybody is looked for: whoever is found is told of.
    this.#unfollow ??= peers.follow((change) => this.#onChange(change))
    for (const peer of this.#peers.values()) this.#attachFitting(subscription, peer)
    const found = await peers.list({ groups })
    // Where nobody follows any more, nobody would hear that one of them has left.
    if (subscription.isClosed) return
    for (const peer of found) this.#onChange({ type: 'joined', peer })
    const feeds = [...(this.#feeds.get(subscription.tag)?.values() ?? [])].filter((feed) => feed.has(subscription))
    await settleWithin(
      feeds.map(({ tried }) => tried),
      MAX_WAIT_MS,
    )
  }

  #onChange({ type, peer }: PeerChange): void {
    if (type === 'suspect') return
    if (type === 'left') {
      this.#peers.delete(peer.id)
      for (const feeds of this.#feeds.values()) feeds.get(peer.id)?.part()
      return
    }
    this.#peers.set(peer.id, peer)
    for (const subscription of this.#subscriptions) this.#attachFitting(subscription, peer)
  }

  #attachFitting(subscription: OpenSubscription, peer: RemotePeer): void {
    if (subscription.fits(peer)) this.#attach(subscription, peer)
  }

  #attach(subscription: OpenSubscription, peer: RemotePeer): void {
    const { tag } = subscription
    const feeds = this.#feeds.get(tag) ?? new Map<string, PublisherFeed>()
    this.#feeds.set(tag, feeds)
    const feed = feeds.get(peer.id) ?? this.#createFeed(tag, peer)
    feeds.set(peer.id, feed)
    if (feeds.size > MAX_REMEMBERED) this.#forgetOne(feeds)
    feed.add(subscription)
    feed.meet(peer)
  }

  #createFeed(tag: string, peer: RemotePeer): PublisherFeed {
    const { open, logger } = this.#options
    let isWarned = false
    return new PublisherFeed(peer, {
      open: (to, lane) => open(to, tag, lane),
      waitMs: (failures) => Math.random() * Math.min(FIRST_WAIT_MS * 2 ** failures, MAX_RETRY_WAIT_MS),
      onRefused: ({ id, host, port }, error) => {
        const isPassing = isRefusal(error) && error.code === 'unavailable'
        const fields = { tag, peer: id, host, port, reason: error instanceof Error ? error.message : String(error) }
        // It is tried again for as long as it is there, and one that refuses for good would fill the log.
        logger[isPassing || isWarned ? 'debug' : 'warn']('a peer cannot be subscribed to now', fields)
        isWarned ||= !isPassing
      },
    })
  }

  #forgetOne(feeds: Map<string, PublisherFeed>): void {
    for (const [id, feed] of feeds) {
      if (!feed.isAway) continue
      feed.close()
      feeds.delete(id)
      return
    }
  }

  #remove(subscription: OpenSubscription): void {
    this.#subscriptions.delete(subscription)
    const feeds = this.#feeds.get(subscription.tag) ?? new Map<string, PublisherFeed>()
    for (const [id, feed] of feeds) {
      feed.delete(subscription)
      if (!feed.isEmpty) continue
      feed.close()
      feeds.delete(id)
    }
    if (feeds.size === 0) this.#feeds.delete(subscription.tag)
    if (this.#subscriptions.size > 0) return
    this.#unfollow?.()
    this.#unfollow = undefined
    this.#peers.clear()
  }

  #listPeers(subscription: OpenSubscription): RemotePeer[] {
    const feeds = [...(this.#feeds.get(subscription.tag)?.values() ?? [])]
    return feeds.filter((feed) => feed.isKept && feed.has(subscription)).map(({ peer }) => peer)
  }

  #reportFailure(event: FailedEvent, thrown: unknown): void {
    const { tag, publisher, sequence } = event
    const record = this.#options.describeFailure(event, thrown)
    if (this.#reports.take(publisher.id)) this.#feeds.get(tag)?.get(publisher.id)?.reportFailure(sequence, record)
  }
}

/** Resolves when all promises have, or after a time. None of them rejects. */
async function settleWithin(promises: readonly Promise<void>[], timeMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeMs)
  })
  await Promise.race([Promise.all(promises), over])
  clearTimeout(timer)
}
