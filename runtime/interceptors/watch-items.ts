/** What was thrown, whatever it is. */
export interface Failure {
  readonly thrown: unknown
}

/** What is to be known about the items of a stream while it goes by. */
export interface ItemWatch {
  readonly onItem: () => void
  /** Called once: behind the last item, at a failure, or when the reader leaves. */
  readonly onEnd: (failure?: Failure) => void
  /** Runs each step of whoever makes the items. Default: as it is. */
  readonly within?: (<Result>(run: () => Result) => Result) | undefined
}

/** The same items, watched. Whoever leaves early ends them too. */
export function watchItems(items: AsyncIterable<unknown>, watch: ItemWatch): AsyncIterableIterator<unknown> {
  return new WatchedItems(items, watch)
}

class WatchedItems implements AsyncIterableIterator<unknown> {
  readonly #inner: AsyncIterator<unknown>
  readonly #watch: ItemWatch
  #isOver = false

  constructor(items: AsyncIterable<unknown>, watch: ItemWatch) {
    this.#inner = items[Symbol.asyncIterator]()
    this.#watch = watch
  }

  async next(): Promise<IteratorResult<unknown>> {
    const result = await this.#step(() => this.#inner.next())
    if (result.done === true) this.#end()
    else this.#watch.onItem()
    return result
  }

  async return(value?: unknown): Promise<IteratorResult<unknown>> {
    const leave = this.#inner.return?.bind(this.#inner)
    const result = leave === undefined ? { done: true as const, value } : await this.#step(() => leave(value))
    this.#end()
    return result
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #step<Result>(run: () => Promise<Result>): Promise<Result> {
    try {
      return await (this.#watch.within === undefined ? run() : this.#watch.within(run))
    } catch (thrown) {
      this.#end({ thrown })
      throw thrown
    }
  }

  #end(failure?: Failure): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#watch.onEnd(failure)
  }
}
