/** The most events that one reader holds, besides those that are handled. */
const MAX_AHEAD = 256

/** What a reader holds should be handled within about so long, in milliseconds: then another one of its name is not kept waiting. */
const AIM_MS = 100

/**
 * How many events a reader may hold at once: as many as are handled at once, and the more ahead of them, the faster they are handled. It
 * begins with none ahead: where an event ends its process, the others do not count as delivered with it.
 */
export class PullWindow {
  readonly #least: number
  #size: number
  #finished = 0
  #beganAtMs = 0

  constructor(concurrency: number) {
    this.#least = concurrency
    this.#size = concurrency
  }

  get size(): number {
    return this.#size
  }

  /** One of those that are held was finished. */
  finish(): void {
    const nowMs = performance.now()
    if (this.#finished === 0) this.#beganAtMs = nowMs
    if (++this.#finished < this.#size) return
    // A window's worth has been handled.
    this.#finished = 0
    const tookMs = nowMs - this.#beganAtMs
    if (tookMs < AIM_MS / 2) this.#size = Math.min(this.#size * 2, this.#least + MAX_AHEAD)
    else if (tookMs > AIM_MS * 2) this.#size = Math.max(Math.ceil(this.#size / 2), this.#least)
  }
}
