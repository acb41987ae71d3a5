import type { ItemSource, Pulled } from '../../../wire/streams.js'
import { type Credit, WINDOW } from './credit.js'

/** How to make {@link IncomingItems}. */
export interface IncomingOptions {
  /** What the sender was told that it may send. Nothing: it is told at the first pull. */
  readonly credit?: Credit
  /** The longest line of one item, in bytes. */
  readonly maxItemBytes: number
  /** Tells the sender that it may send more. */
  readonly grant: (credit: Credit) => void
  /** Tells the sender that nothing more is read. */
  readonly leave: () => void
}

/** A reader that waits for the next item. */
interface Waiting<Ending> {
  readonly resolve: (pulled: Pulled<unknown, Ending>) => void
  readonly reject: (error: Error) => void
}

/** Items of one stream that arrive over a session, held until they are read; as many as the sender was allowed to send. */
export class IncomingItems<Ending> implements ItemSource<unknown, Ending> {
  readonly #options: IncomingOptions
  readonly #queue: { readonly item: unknown; readonly bytes: number }[] = []
  #itemsLeft: number
  #bytesLeft: number
  /** What was read since the sender was last told. */
  #readItems = 0
  #readBytes = 0
  #waiting: Waiting<Ending> | undefined
  #ending: { readonly value: Ending } | { readonly error: Error } | undefined
  #isLeft = false
  readonly #gone: Pulled<unknown, Ending> = { done: true, value: undefined as Ending }

  constructor(options: IncomingOptions) {
    this.#options = options
    this.#itemsLeft = options.credit?.items ?? 0
    this.#bytesLeft = options.credit?.bytes ?? 0
  }

  pull(): Pulled<unknown, Ending> | Promise<Pulled<unknown, Ending>> {
    if (this.#isLeft) return this.#gone
    const next = this.#queue.shift()
    if (next !== undefined) {
      this.#count(next.bytes)
      return { done: false, value: next.item }
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      if (this.#ending !== undefined) this.#settle(this.#ending)
      else if (this.#itemsLeft === 0 && this.#readItems === 0) this.#grant(WINDOW)
    })
  }

  cancel(): void {
    if (this.#ending !== undefined || this.#isLeft) return
    this.close()
    this.#options.leave()
  }

  /** The call is over, and the reader knows: nothing more is taken, and nothing told to the sender. */
  close(): void {
    this.#isLeft = true
    this.#queue.length = 0
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(this.#gone)
  }

  /** Takes what arrived. Answers what is wrong with it, where something is. */
  receive(item: unknown, bytes: number): string | undefined {
    if (this.#ending !== undefined) return 'an item behind the end'
    if (this.#itemsLeft === 0 || this.#bytesLeft <= 0) return 'an item without credit'
    if (bytes > this.#options.maxItemBytes) return `an item of ${bytes} bytes`
    this.#itemsLeft--
    this.#bytesLeft -= bytes
    // It may have been under way when the reader left.
    if (this.#isLeft) return undefined
    const waiting = this.#waiting
    if (waiting === undefined) this.#queue.push({ item, bytes })
    else {
      this.#waiting = undefined
      this.#count(bytes)
      waiting.resolve({ done: false, value: item })
    }
    return undefined
  }

  /** The sender's items are over: the reader gets the ending behind those that wait. Answers what is wrong with it. */
  end(value: Ending): string | undefined {
    if (this.#ending !== undefined) return 'a second end'
    this.#ending = { value }
    this.#settle(this.#ending)
    return undefined
  }

  /** The sender is gone: the reader gets the error behind the items that wait. */
  lose(error: Error): void {
    this.#ending ??= { error }
    this.#settle(this.#ending)
  }

  /** The call is over: the reader gets the error at once, and nothing is told to the sender any more. */
  stop(error: Error): void {
    this.#queue.length = 0
    this.#ending = { error }
    this.#settle(this.#ending)
  }

  #settle(ending: { readonly value: Ending } | { readonly error: Error }): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if ('error' in ending) waiting?.reject(ending.error)
    else waiting?.resolve({ done: true, value: ending.value })
  }

  #count(bytes: number): void {
    this.#readItems++
    this.#readBytes += bytes
    if (this.#ending !== undefined) return
    if (this.#readItems < WINDOW.items / 2 && this.#readBytes < WINDOW.bytes / 2) return
    this.#grant({ items: this.#readItems, bytes: this.#readBytes })
    this.#readItems = 0
    this.#readBytes = 0
  }

  #grant(credit: Credit): void {
    this.#itemsLeft += credit.items
    this.#bytesLeft += credit.bytes
    this.#options.grant(credit)
  }
}
