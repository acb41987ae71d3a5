import type { Turns, Waiting } from '../../session/turns.js'

/** A call that waits for its turn. */
export interface WaitingRequest {
  readonly bytes: number
  /** Runs it. `nowMs` is the time. */
  run(nowMs: number): void
}

/** The calls of one caller that wait for their turn, in their order. */
export class WaitingRequests implements Waiting {
  readonly #turns: Turns
  readonly #onEmpty: () => void
  /** By where their answers are to go. */
  readonly #entries = new Map<string, WaitingRequest>()
  #bytes = 0

  /** `onEmpty` is called when none waits any more. */
  constructor(turns: Turns, onEmpty: () => void) {
    this.#turns = turns
    this.#onEmpty = onEmpty
  }

  /** What waits, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  add(reply: string, request: WaitingRequest): void {
    this.#entries.set(reply, request)
    this.#bytes += request.bytes
    this.#turns.add(this)
  }

  has(reply: string): boolean {
    return this.#entries.has(reply)
  }

  /** Forgets one that nobody waits for any more. */
  remove(reply: string): void {
    const entry = this.#entries.get(reply)
    if (entry === undefined) return
    // Its turn stays: an empty one costs nothing.
    this.#entries.set(reply, { bytes: entry.bytes, run: () => {} })
  }

  clear(): void {
    this.#turns.remove(this, this.#entries.size)
    this.#entries.clear()
    this.#bytes = 0
  }

  runNext(nowMs: number): boolean {
    const [first] = this.#entries
    if (first !== undefined) {
      const [reply, request] = first
      this.#entries.delete(reply)
      this.#bytes -= request.bytes
      request.run(nowMs)
    }
    if (this.#entries.size > 0) return true
    this.#onEmpty()
    return false
  }
}
