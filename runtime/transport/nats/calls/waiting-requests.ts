import type { Turns, Waiting } from '../../session/turns.js'

/** A call that waits for its turn. */
export interface WaitingRequest {
  readonly bytes: number
  /** Runs it. `nowMs` is the time. */
  run(nowMs: number): void
  /** Answers that it will not be run, since this peer ends. */
  refuse(): void
}

/** What waits of all callers together. */
export interface AllWaiting {
  /** As the limits count it. */
  bytes: number
  /** By the keys of their answers. */
  readonly byReply: Map<string, WaitingRequests>
}

/** The calls of one caller that wait for their turn, in their order. */
export class WaitingRequests implements Waiting {
  readonly #turns: Turns
  readonly #onEmpty: () => void
  /** By the keys of their answers. */
  readonly #entries = new Map<string, WaitingRequest>()
  readonly #all: AllWaiting
  #bytes = 0

  /** `onEmpty` is called when none waits any more. What waits here is part of `all`. */
  constructor(turns: Turns, all: AllWaiting, onEmpty: () => void) {
    this.#turns = turns
    this.#all = all
    this.#onEmpty = onEmpty
  }

  /** What waits, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Adds one whose answer goes where that of no other goes that waits. */
  add(reply: string, request: WaitingRequest): void {
    this.#entries.set(reply, request)
    this.#all.byReply.set(reply, this)
    this.#count(request.bytes)
    this.#turns.add(this)
  }

  /** Forgets one that nobody waits for any more. */
  remove(reply: string): void {
    const entry = this.#entries.get(reply)
    if (entry === undefined) return
    // Its turn stays: an empty one costs nothing.
    this.#entries.set(reply, { bytes: entry.bytes, run: () => {}, refuse: () => {} })
  }

  /** Refuses all. */
  refuse(): void {
    for (const request of this.#entries.values()) request.refuse()
    this.clear()
  }

  clear(): void {
    this.#turns.remove(this, this.#entries.size)
    for (const reply of this.#entries.keys()) this.#all.byReply.delete(reply)
    this.#entries.clear()
    this.#count(-this.#bytes)
  }

  runNext(nowMs: number): boolean {
    const [first] = this.#entries
    if (first !== undefined) {
      const [reply, request] = first
      this.#entries.delete(reply)
      this.#all.byReply.delete(reply)
      this.#count(-request.bytes)
      request.run(nowMs)
    }
    if (this.#entries.size > 0) return true
    this.#onEmpty()
    return false
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    this.#all.bytes += bytes
  }
}
