import type { Delivered, Delivery, EventHandler, Subscription } from '../../api/event.js'

/** Opens a subscription whose handler it is given. Rejects where it cannot. */
type Open = (handler: EventHandler<unknown>) => Promise<Subscription>

/**
 * What arrives, as an async iterable. The subscription is opened by the first `next()`, and closed by `return()`; an event that was
 * not asked for yet waits as behind a handler that takes its time.
 */
export class ArrivingEvents implements AsyncIterableIterator<Delivered<unknown>> {
  readonly #open: Open
  #subscription: Promise<Subscription> | undefined
  /** Who waits for an event. */
  readonly #readers: ((result: IteratorResult<Delivered<unknown>>) => void)[] = []
  /** The event that waits for a reader, and what lets the next one come. */
  #held: { readonly delivered: Delivered<unknown>; readonly release: () => void } | undefined
  #isOver = false

  constructor(open: Open) {
    this.#open = open
  }

  async next(): Promise<IteratorResult<Delivered<unknown>>> {
    if (this.#isOver) return END
    this.#subscription ??= this.#open((payload, delivery) => this.#take(payload, delivery))
    const held = this.#held
    if (held !== undefined) {
      this.#held = undefined
      held.release()
      return { done: false, value: held.delivered }
    }
    const next = new Promise<IteratorResult<Delivered<unknown>>>((resolve) => this.#readers.push(resolve))
    // Rejects where subscribing does.
    return this.#subscription.then(() => next)
  }

  async return(): Promise<IteratorResult<Delivered<unknown>>> {
    this.end()
    const subscription = await this.#subscription?.catch(() => undefined)
    await subscription?.close()
    return END
  }

  /** Nothing more comes: whoever waits is told. */
  end(): void {
    this.#isOver = true
    this.#held?.release()
    this.#held = undefined
    for (const resolve of this.#readers.splice(0)) resolve(END)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #take(payload: unknown, delivery: Delivery): Promise<void> | undefined {
    const delivered = { ...delivery, payload }
    const reader = this.#readers.shift()
    if (reader !== undefined) {
      reader({ done: false, value: delivered })
      return undefined
    }
    return new Promise((release) => {
      this.#held = { delivered, release }
    })
  }
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined }
