/**
 * How many of its failures a subscriber reports to one publisher in a second, and how many that one hears. Further ones are in the
 * subscriber's own log alone: a handler that always fails would cost the publisher more than all that it emits.
 */
export const MAX_REPORTS_PER_SECOND = 10

/** How many of those who report are remembered. */
const MAX_REMEMBERED = 1_024

/** How often each of several may do something in a second; what goes beyond is counted. */
export class RateLimits {
  readonly #perSecond: number
  readonly #limits = new Map<string, RateLimit>()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Whether the one with this id may do it once more now. */
  take(id: string): boolean {
    const limit = this.#limits.get(id) ?? new RateLimit(this.#perSecond)
    this.#limits.set(id, limit)
    const [oldest] = this.#limits.keys()
    if (this.#limits.size > MAX_REMEMBERED && oldest !== undefined) this.#limits.delete(oldest)
    return limit.take()
  }

  /** One is gone. */
  delete(id: string): void {
    this.#limits.delete(id)
  }

  /** All are. */
  clear(): void {
    this.#limits.clear()
  }
}

/** How many times in a second something may happen; what goes beyond is counted. */
class RateLimit {
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
