import type { ItemStream } from '../../api/stream-call.js'
import type { ItemReader, ItemSource, Pulled } from '../../wire/streams.js'
import { StepIterator } from './step-iterator.js'

/** How to make a {@link HandlerInput}. */
export interface HandlerInputOptions {
  readonly items: ItemSource<unknown, undefined>
  /** The application's form of an item, checked. Throws where it is not what the schema declares. */
  readonly read: (item: unknown, index: number) => unknown
}

/** The items of an input stream, as the handler reads them. */
export class HandlerInput implements ItemReader<unknown, undefined> {
  readonly #options: HandlerInputOptions
  #stopped: Error | undefined
  #reject: ((error: Error) => void) | undefined
  #index = 0

  constructor(options: HandlerInputOptions) {
    this.#options = options
  }

  /** What the handler is given. Leaving it early ends the items at the caller; the call goes on. */
  iterate(): ItemStream<unknown> {
    return new StepIterator({
      reader: this,
      leave: () => this.#options.items.cancel(),
      explain: (thrown) => thrown,
    })
  }

  /** Ends the items with an error: the call is over. */
  stop(error: Error): void {
    this.#stopped = error
    this.#reject?.(error)
    this.#options.items.cancel()
  }

  pull(): Promise<Pulled<unknown, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.#stopped !== undefined) throw this.#stopped
      this.#reject = reject
      this.#take().then((pulled) => resolve(pulled), reject)
    })
  }

  async #take(): Promise<Pulled<unknown, undefined>> {
    const { items, read } = this.#options
    const pulled = await items.pull()
    if (pulled.done) return pulled
    try {
      return { done: false, value: read(pulled.value, this.#index++) }
    } catch (error) {
      items.cancel()
      throw error
    }
  }
}
