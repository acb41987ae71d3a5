import type {
  DurableDelivered,
  DurableDelivery,
  DurableEventHandler,
  DurableSubscription,
} from '../../api/durable-event.js'

/** Opens a subscription whose handler it is given. Rejects where it cannot. */
type Open = (handler: DurableEventHandler<unknown>) => Promise<DurableSubscription>

/** Why an event is handed back at which a loop was left. */
export const LEFT: unique symbol = Symbol('the loop was left')

interface Arrived {
  readonly delivered: DurableDelivered<unknown>
  readonly finish: () => void
  readonly giveBack: () => void
}

/**
 * What arrives, as an async iterable. The subscription is opened by the first `next()`, and closed by `return()`. An event is handled
 * when the next one is asked for: until then its handler's promise is pending.
 */
export class HandedEvents implements AsyncIterableIterator<DurableDelivered<unknown>> {
  readonly #open: Open
  #subscription: Promise<DurableSubscription> | undefined
  /** Who waits for an event. */
  readonly #readers: ((result: IteratorResult<DurableDelivered<unknown>>) => void)[] = []
  /** The event that waits for a reader; there is one at most, as they are handled one at a time. */
  #arrived: Arrived | undefined
  /** The event that a reader has. */
  #handed: Arrived | undefined
  #isOver = false

  constructor(open: Open) {
    this.#open = open
  }

  async next(): Promise<IteratorResult<DurableDelivered<unknown>>> {
    this.#handed?.finish()
    this.#handed = undefined
    if (this.#isOver) return END
    this.#subscription ??= this.#open((payload, delivery) => this.#take(payload, delivery))
    const next = new Promise<IteratorResult<DurableDelivered<unknown>>>((resolve) => this.#readers.push(resolve))
    this.#handOver()
    // Rejects where subscribing does.
    return this.#subscription.then(() => next)
  }

  async return(): Promise<IteratorResult<DurableDelivered<unknown>>> {
    this.end()
    this.#handed?.giveBack()
    this.#handed = undefined
    const subscription = await this.#subscription?.catch(() => undefined)
    await subscription?.close()
    return END
  }

  /** Nothing more comes, and whoever waits is told. What a reader has is still done when it asks for the next. */
  end(): void {
    this.#isOver = true
    this.#arrived?.giveBack()
    this.#arrived = undefined
    for (const resolve of this.#readers.splice(0)) resolve(END)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #take(payload: unknown, delivery: DurableDelivery): Promise<void> {
    return new Promise((resolve, reject) => {
      const delivered = { ...delivery, payload }
      this.#arrived = { delivered, finish: resolve, giveBack: () => reject(LEFT) }
      if (this.#isOver) this.end()
      else this.#handOver()
    })
  }

  #handOver(): void {
    const arrived = this.#arrived
    if (arrived === undefined || this.#handed !== undefined) return
    const reader = this.#readers.shift()
    if (reader === undefined) return
    this.#arrived = undefined
    this.#handed = arrived
    reader({ done: false, value: arrived.delivered })
  }
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined }
