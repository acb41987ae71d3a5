import type { Deadline, Deadlines } from '../scope/deadlines.js'

/**
 * How long a wait for an item may last. One deadline serves all waits of a stream: it looks when it is due, and then again when
 * the wait that is under way would be, so that a wait costs no more than a look at the clock.
 */
export class IdleLimit implements Deadline {
  expiresAtMs: number
  previous: Deadline | undefined
  next: Deadline | undefined
  readonly #deadlines: Deadlines
  readonly #limitMs: number
  readonly #onExpire: () => void
  #waitingSinceMs: number | undefined

  constructor(deadlines: Deadlines, limitMs: number, onExpire: () => void) {
    this.#deadlines = deadlines
    this.#limitMs = limitMs
    this.#onExpire = onExpire
    this.expiresAtMs = performance.now() + limitMs
    deadlines.add(this)
  }

  beginWait(): void {
    this.#waitingSinceMs = performance.now()
  }

  endWait(): void {
    this.#waitingSinceMs = undefined
  }

  expire(): void {
    const nowMs = performance.now()
    const dueAtMs = (this.#waitingSinceMs ?? nowMs) + this.#limitMs
    if (dueAtMs <= nowMs) {
      this.#onExpire()
      return
    }
    this.expiresAtMs = dueAtMs
    this.#deadlines.add(this)
  }

  /** To be called when the stream is over. */
  close(): void {
    this.#deadlines.remove(this)
  }
}
