/**
 * How many of its failures a subscriber reports to one publisher in a second, and how many that one hears. Further ones are in the
 * subscriber's own log alone: a handler that always fails would cost the publisher more than all that it emits.
 */
export const MAX_REPORTS_PER_SECOND = 10

/** How many different ones may do it in one second: more of them than that are made up. */
const MAX_COUNTED = 1_024

/** How often each of several may do something in a second, and how many of them. */
export class RateLimits {
  readonly #perSecond: number
  readonly #taken = new Map<string, number>()
  #second = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Whether the one with this id may do it once more now. */
  take(id: string): boolean {
    const second = Math.floor(performance.now() / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#taken.clear()
    }
    const taken = this.#taken.get(id) ?? 0
    if (taken >= this.#perSecond || (taken === 0 && this.#taken.size >= MAX_COUNTED)) return false
    this.#taken.set(id, taken + 1)
    return true
  }
}
