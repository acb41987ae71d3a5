import type { ItemSource, Pulled } from '../../../wire/streams.js'
import { type Credit, MAX_CREDIT } from './credit.js'

/** How to make {@link OutgoingItems}. */
export interface OutgoingOptions<Ending> {
  readonly source: ItemSource<string, Ending>
  /** Sends one item; answers the bytes of its line. */
  readonly send: (item: string) => number
  /** The source has ended. Not called once it was stopped. */
  readonly onEnd: (ending: Ending) => void
  /** Whether so much waits to leave already that nothing should be added; then `resume` is called when it has left. */
  readonly isCongested: (resume: () => void) => boolean
}

/** Items of one stream that leave over a session: the source is asked for no more than the reader has allowed. */
export class OutgoingItems<Ending> {
  readonly #options: OutgoingOptions<Ending>
  #itemsLeft = 0
  #bytesLeft = 0
  /** Whether an item is asked for, or the link has no room for one. */
  #isSending = false
  #isOver = false

  constructor(options: OutgoingOptions<Ending>) {
    this.#options = options
  }

  /** The reader allows more. Answers what is wrong with that, where something is. */
  allow({ items, bytes }: Credit): string | undefined {
    if (this.#itemsLeft + items > MAX_CREDIT.items || this.#bytesLeft + bytes > MAX_CREDIT.bytes) {
      return 'more credit than there can be'
    }
    this.#itemsLeft += items
    this.#bytesLeft += bytes
    if (!this.#isSending && !this.#isOver) void this.#run()
    return undefined
  }

  /** Sends no more, and lets the source end its work. */
  stop(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.source.cancel()
  }

  readonly #resume = (): void => {
    if (!this.#isOver) void this.#run()
  }

  async #run(): Promise<void> {
    const { send, onEnd, isCongested } = this.#options
    this.#isSending = true
    while (this.#itemsLeft > 0 && this.#bytesLeft > 0) {
      // Asked once, however often the reader allows more meanwhile.
      if (isCongested(this.#resume)) return
      const pulled = await this.#pull()
      if (this.#isOver || pulled === undefined) return
      if (pulled.done) {
        this.#isOver = true
        onEnd(pulled.value)
        return
      }
      this.#itemsLeft--
      this.#bytesLeft -= send(pulled.value)
    }
    this.#isSending = false
  }

  /** Undefined where the source ended with an error: its owner has stopped the call by then, and knows why. */
  async #pull(): Promise<Pulled<string, Ending> | undefined> {
    try {
      return await this.#options.source.pull()
    } catch {
      return undefined
    }
  }
}
