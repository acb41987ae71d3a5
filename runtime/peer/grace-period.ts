/** A time that somebody is given, and that can be cut short while they have it. */
export class GracePeriod {
  /** Resolves when the time is over, or the period was ended. */
  readonly over: Promise<void>
  #resolve = (): void => {}
  #timer: NodeJS.Timeout | undefined
  #endsAtMs = Number.POSITIVE_INFINITY

  constructor() {
    this.over = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** Lets it end after some milliseconds at the latest; it never gets longer. */
  limit(timeMs: number): void {
    const endsAtMs = performance.now() + timeMs
    if (endsAtMs >= this.#endsAtMs) return
    this.#endsAtMs = endsAtMs
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#resolve, timeMs)
  }

  /** Ends it now. */
  end(): void {
    this.#endsAtMs = Number.NEGATIVE_INFINITY
    clearTimeout(this.#timer)
    this.#resolve()
  }
}
