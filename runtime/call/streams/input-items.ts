import { AsyncLocalStorage } from 'node:async_hooks'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import type { ItemSource, Pulled } from '../../wire/streams.js'
import { type AnyIterator, closeIterator, openIterator, takeNext } from './iterate.js'

/** How to make {@link InputItems}. */
export interface InputItemsOptions<Item> {
  readonly tag: string
  /** What the caller gave. */
  readonly input: unknown
  /** An item in the form in which it goes on, checked. Throws where it is not what the schema declares. */
  readonly write: (item: unknown, index: number) => Item
  /** The items have ended; `failure` holds what was thrown where they did not end well. Not called once they were canceled. */
  readonly onEnd: (failure?: { readonly thrown: unknown }) => void
  /** What the iterator threw when nobody waited for it any more. */
  readonly onLateError: (error: unknown) => void
}

/**
 * The items of an input stream, taken from the caller's iterable only as they are asked for.
 *
 * Throws `invalid_argument` where the input is neither an async iterable nor an iterable.
 */
export class InputItems<Item> implements ItemSource<Item, undefined> {
  readonly #options: InputItemsOptions<Item>
  readonly #iterator: AnyIterator
  /** What asks for an item is a message that arrived; what makes it is part of what the caller does. */
  readonly #runAtCaller = AsyncLocalStorage.snapshot()
  #isOver = false
  #index = 0

  constructor(options: InputItemsOptions<Item>) {
    const { tag, input } = options
    const iterator = openIterator(input)
    if (iterator === undefined) throw refuseInput(tag, input)
    this.#options = options
    this.#iterator = iterator
  }

  async pull(): Promise<Pulled<Item, undefined>> {
    const { write, onEnd, onLateError } = this.#options
    let isTaken = false
    try {
      const result = await this.#runAtCaller(takeNext, this.#iterator)
      if (this.#isOver) return DONE
      isTaken = result.done !== true
      if (isTaken) return { done: false, value: write(result.value, this.#index++) }
      this.#isOver = true
    } catch (thrown) {
      if (this.#isOver) {
        onLateError(thrown)
        return DONE
      }
      this.#isOver = true
      // Refused here, the item leaves an iterator behind that would wait for the next step.
      if (isTaken) closeIterator(this.#iterator, onLateError)
      onEnd({ thrown })
      throw thrown
    }
    onEnd()
    return DONE
  }

  cancel(): void {
    if (this.#isOver) return
    this.#isOver = true
    closeIterator(this.#iterator, this.#options.onLateError)
  }
}

/** The error of an input that is no stream. */
export function refuseInput(tag: string, input: unknown): Error {
  const expected = 'expected an async iterable or an iterable of its items'
  return refuse('invalid_argument', `input of ${tag} is ${printValue(input)}, ${expected}`)
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }
