/**
 * How many of its failures a subscriber reports to one publisher in a second, and how many that one hears. Further ones are in the
 * subscriber's own log alone: a handler that always fails would cost the publisher more than all that it emits.
 */
export const MAX_REPORTS_PER_SECOND = 10

/** How many times in a second something may happen; what goes beyond is counted. */
export class RateLimit {
  readonly #perSecond: number
  #second = 0
  #taken = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Whether it may happen once more now. */
  take(): boolean {
    const second = Math.floor(performance.now() / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#taken = 0
    }
    return this.#taken++ < this.#perSecond
  }
}
