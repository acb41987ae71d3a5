import type { ItemStream } from '../../api/stream-call.js'
import type { ItemReader } from '../../wire/streams.js'

/** What an iterator is made of. */
export interface Steps {
  readonly reader: ItemReader<unknown, unknown>
  /** The reader is left before its end. */
  readonly leave: () => void
  /** What is thrown for what a pull threw; called where V8 still knows who awaits `step`. */
  readonly explain: (thrown: unknown, step: (...args: never[]) => unknown) => unknown
}

/**
 * The items of a reader as an async iterator of the application's: steps that are asked for at once wait for each other, and
 * leaving ends one that is under way.
 */
export class StepIterator implements ItemStream<unknown> {
  readonly #steps: Steps
  #latest: Promise<IteratorResult<unknown, undefined>> = Promise.resolve(DONE)
  #isStepping = false
  #queued = 0
  #isOver = false

  constructor(steps: Steps) {
    this.#steps = steps
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.#isStepping || this.#queued > 0) {
      this.#queued++
      const next = (): Promise<IteratorResult<unknown, undefined>> => {
        this.#queued--
        return this.#isOver ? Promise.resolve(DONE) : this.#step()
      }
      this.#latest = this.#latest.then(next, next)
    } else this.#latest = this.#isOver ? Promise.resolve(DONE) : this.#step()
    return this.#latest
  }

  async return(): Promise<IteratorResult<unknown, undefined>> {
    if (!this.#isOver) {
      this.#isOver = true
      this.#steps.leave()
    }
    return DONE
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #step(): Promise<IteratorResult<unknown, undefined>> {
    this.#isStepping = true
    try {
      const pulled = await this.#steps.reader.pull()
      if (!pulled.done) return this.#isOver ? DONE : pulled
      this.#isOver = true
      return DONE
    } catch (thrown) {
      // Who has left asks for no reason.
      if (this.#isOver) return DONE
      this.#isOver = true
      throw this.#steps.explain(thrown, this.#step)
    } finally {
      this.#isStepping = false
    }
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }
