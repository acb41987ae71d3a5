import type { EventHandler, Subscription } from '../../api/event.js'
import type { Logger } from '../../api/logger.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import type { EventChecks } from '../../validation/validate.js'
import type { ArrivedEvent } from '../../wire/events.js'
import { Inbox } from './inbox.js'
import type { FeedTaker } from './publisher-feed.js'
import type { SubscriptionSettings } from './read-subscribe-options.js'

/** What a subscription needs of those of its peer. */
export interface SubscriptionOptions {
  readonly tag: string
  readonly checks: EventChecks
  readonly handler: EventHandler<unknown>
  readonly settings: SubscriptionSettings
  readonly logger: Logger
  readonly onFailure: (peer: RemotePeer, sequence: number, thrown: unknown) => void
  /** The peers that send to it now. */
  readonly listPeers: (subscription: OpenSubscription) => readonly RemotePeer[]
  /** Called once, when it is closed. */
  readonly onClose: (subscription: OpenSubscription) => void
}

/** A subscription until it is closed. */
export class OpenSubscription implements Subscription, FeedTaker {
  readonly #options: SubscriptionOptions
  readonly #inbox: Inbox
  readonly #onAbort = (): void => void this.close()
  #isClosed = false

  constructor(options: SubscriptionOptions) {
    const { tag, checks, handler, settings, logger, onFailure } = options
    this.#options = options
    this.#inbox = new Inbox({ tag, checks, handler, onGap: settings.onGap, logger, onFailure })
    settings.signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (settings.signal?.aborted === true) this.#onAbort()
  }

  get tag(): string {
    return this.#options.tag
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get peers(): readonly RemotePeer[] {
    return this.#options.listPeers(this)
  }

  /** Whether it listens to a peer. */
  fits(peer: RemotePeer): boolean {
    return this.#options.settings.fits(peer)
  }

  take(peer: RemotePeer, event: ArrivedEvent, missed: number, length: number): void {
    this.#inbox.take(peer, event, missed, length)
  }

  miss(peer: RemotePeer, sequence: number, missed: number): void {
    this.#inbox.miss(peer, sequence, missed)
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true
      this.#options.settings.signal?.removeEventListener('abort', this.#onAbort)
      this.#inbox.close()
      this.#options.onClose(this)
    }
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
