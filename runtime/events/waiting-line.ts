import { MAX_WAITING_EVENT_LENGTH, MAX_WAITING_EVENTS } from '../wire/limits.js'

/** What waits: `length` is that of its JSON text. */
export interface Waiting {
  readonly length: number
}

/** Events that wait for somebody who is slow: so many of them, and so long. For a new one the oldest are dropped. */
export class WaitingLine<Item extends Waiting> {
  #items: Item[] = []
  #length = 0

  /** The oldest first. */
  get items(): readonly Item[] {
    return this.#items
  }

  get isEmpty(): boolean {
    return this.#items.length === 0
  }

  /** Lets one wait, and hands over each that is dropped for it. */
  push(item: Item, onDrop: (dropped: Item) => void): void {
    this.#items.push(item)
    this.#length += item.length
    while (this.#items.length > MAX_WAITING_EVENTS || this.#length > MAX_WAITING_EVENT_LENGTH) {
      const dropped = this.shift()
      if (dropped === undefined) return
      onDrop(dropped)
    }
  }

  /** Takes the oldest out. */
  shift(): Item | undefined {
    const item = this.#items.shift()
    if (item !== undefined) this.#length -= item.length
    return item
  }

  /** Takes out all that fit, the oldest first. */
  remove(fits: (item: Item) => boolean): Item[] {
    const removed = this.#items.filter(fits)
    this.#items = this.#items.filter((item) => !fits(item))
    for (const { length } of removed) this.#length -= length
    return removed
  }
}
