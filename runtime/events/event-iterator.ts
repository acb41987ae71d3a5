/** A subscription, as far as a loop needs it. */
interface Open {
  close(): Promise<void>
}

/** Opens a subscription whose handler it is given. Rejects where it cannot. */
type OpenWith<Delivery> = (handler: (payload: unknown, delivery: Delivery) => Promise<void>) => Promise<Open>

/** Why an event is handed back at which a loop was left. */
export const LEFT: unique symbol = Symbol('the loop was left')

/** What a loop is given. */
type Delivered<Delivery> = Delivery & { readonly payload: unknown }

interface Arrived<Delivery> {
  readonly delivered: Delivered<Delivery>
  /** Lets the next one come: it is handled. */
  readonly finish: () => void
  /** The same where the loop did not handle it, as far as it was to. */
  readonly giveBack: () => void
}

/**
 * What arrives, as an async iterable. The subscription is opened by the first `next()`, and closed by `return()`; an event that was
 * not asked for yet waits as behind a handler that takes its time.
 */
export class EventIterator<Delivery extends object> implements AsyncIterableIterator<Delivered<Delivery>> {
  readonly #open: OpenWith<Delivery>
  readonly #isHeld: boolean
  #subscription: Promise<Open> | undefined
  /** Who waits for an event. */
  readonly #readers: ((result: IteratorResult<Delivered<Delivery>>) => void)[] = []
  /** The event that waits for a reader; there is one at most, as they are handled one at a time. */
  #arrived: Arrived<Delivery> | undefined
  /** The event that a reader has, where it is held. */
  #handed: Arrived<Delivery> | undefined
  #isOver = false

  /**
   * `isHeld`: an event is handled when the next one is asked for, until when its handler's promise is pending, and rejects with `LEFT` where
   * the loop is left. Otherwise it is as soon as a reader has it.
   */
  constructor(open: OpenWith<Delivery>, { isHeld }: { readonly isHeld: boolean }) {
    this.#open = open
    this.#isHeld = isHeld
  }

  async next(): Promise<IteratorResult<Delivered<Delivery>>> {
    this.#handed?.finish()
    this.#handed = undefined
    if (this.#isOver) return END
    this.#subscription ??= this.#open((payload, delivery) => this.#take({ ...delivery, payload }))
    const next = new Promise<IteratorResult<Delivered<Delivery>>>((resolve) => this.#readers.push(resolve))
    this.#handOver()
    // Rejects where subscribing does.
    return this.#subscription.then(() => next)
  }

  async return(): Promise<IteratorResult<Delivered<Delivery>>> {
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

  #take(delivered: Delivered<Delivery>): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveBack = this.#isHeld ? () => reject(LEFT) : resolve
      this.#arrived = { delivered, finish: resolve, giveBack }
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
    if (this.#isHeld) this.#handed = arrived
    else arrived.finish()
    reader({ done: false, value: arrived.delivered })
  }
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined }
