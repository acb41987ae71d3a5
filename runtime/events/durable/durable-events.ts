import type { EventDescriptor } from '../../api/descriptor.js'
import type { DurableSubscription } from '../../api/durable-event.js'
import type { Logger } from '../../api/logger.js'
import type { EventLog } from '../../transport/event-log.js'
import { ConnectedEvent } from '../connected-event.js'
import { createDurableStub } from './create-durable-stub.js'
import { DurableEmitter } from './durable-emitter.js'
import type { OpenDurableSubscription } from './durable-subscription.js'

/** What durable events need of the peer. */
export interface DurableEventsOptions {
  readonly log: EventLog
  /** The peer's own. */
  readonly group: string
  readonly logger: Logger
  /** Throws `failed_precondition` once the peer is closed. */
  readonly refuseClosed: () => void
}

/** The durable events of a peer: those that it emits, and those that it has subscribed to. */
export class DurableEvents {
  readonly #options: DurableEventsOptions
  readonly #subscriptions = new Set<OpenDurableSubscription>()
  /** By tag, which has one digest: a schema that is connected again has the same ones. */
  readonly #stubs = new Map<string, object>()
  readonly #emitters: DurableEmitter[] = []

  constructor(options: DurableEventsOptions) {
    this.#options = options
  }

  /** Those that are open, by the tag of their event. A copy. */
  get subscriptions(): ReadonlyMap<string, readonly DurableSubscription[]> {
    const byTag = new Map<string, DurableSubscription[]>()
    for (const subscription of this.#subscriptions) {
      byTag.set(subscription.tag, [...(byTag.get(subscription.tag) ?? []), subscription])
    }
    return byTag
  }

  /** What a stub has of an event. */
  connect(descriptor: EventDescriptor): object {
    const known = this.#stubs.get(descriptor.tag)
    if (known !== undefined) return known
    const event = new ConnectedEvent(descriptor)
    const emitter = new DurableEmitter(event, this.#options)
    this.#emitters.push(emitter)
    const stub = createDurableStub({ ...this.#options, event, emitter, subscriptions: this.#subscriptions })
    this.#stubs.set(descriptor.tag, stub)
    return stub
  }

  /**
   * Takes no more events. Resolves when the handlers that run have ended, and all that this peer was told to emit is stored, or has
   * failed.
   */
  async leave(): Promise<void> {
    const closed = [...this.#subscriptions].map((subscription) => subscription.close().catch(this.#onFailure))
    await Promise.all([...closed, ...this.#emitters.map(({ isDone }) => isDone)])
    await this.#options.log.settle()
  }

  readonly #onFailure = (error: unknown): void => {
    this.#options.logger.warn('a durable subscription did not end as it should', { error })
  }
}
