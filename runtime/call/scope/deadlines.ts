/** Something that has to happen by a time, unless it is removed before. */
export interface Deadline {
  /** On the clock of `performance.now()`, in milliseconds. */
  readonly expiresAtMs: number
  /** Called once, when the time is there. */
  expire(): void
  /** Called where the time does not come any more: the peer is closed. */
  abandon?(): void
  /** Its neighbours while it is pending: {@link Deadlines}' own. A class has them from the beginning, as undefined. */
  previous?: Deadline | undefined
  next?: Deadline | undefined
}

/** The longest time that one timer of Node can wait, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * All deadlines of a peer under one timer, which is armed for the earliest of them.
 *
 * A timer for each call costs some 6 % of a small call's throughput, `AbortSignal.timeout` over 40 %; a call that ends in
 * time here costs four links, and no memory.
 */
export class Deadlines {
  /** Before the first and behind the last of those that are pending, in no order: a ring. */
  readonly #ends: Deadline = { expiresAtMs: Number.POSITIVE_INFINITY, expire: () => {} }
  #pending = 0
  #timer: NodeJS.Timeout | undefined
  #armedForMs = Number.POSITIVE_INFINITY

  constructor() {
    this.#ends.previous = this.#ends
    this.#ends.next = this.#ends
  }

  /** Does nothing for one that is pending already. */
  add(deadline: Deadline): void {
    if (deadline.next !== undefined) return
    const { previous = this.#ends } = this.#ends
    previous.next = deadline
    deadline.previous = previous
    deadline.next = this.#ends
    this.#ends.previous = deadline
    // The timer outlives the calls that armed it; it may keep the process alive only while some call waits.
    if (++this.#pending === 1) this.#timer?.ref()
    if (deadline.expiresAtMs < this.#armedForMs) this.#arm(deadline.expiresAtMs)
  }

  /** Does nothing for one that is not pending. */
  remove(deadline: Deadline): void {
    const { previous, next } = deadline
    if (previous === undefined || next === undefined) return
    previous.next = next
    next.previous = previous
    deadline.previous = undefined
    deadline.next = undefined
    if (--this.#pending === 0) this.#timer?.unref()
  }

  /** Abandons all of them. */
  close(): void {
    for (const deadline of this.#list()) {
      this.remove(deadline)
      deadline.abandon?.()
    }
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#armedForMs = Number.POSITIVE_INFINITY
  }

  #list(): Deadline[] {
    const pending: Deadline[] = []
    for (let { next } = this.#ends; next !== undefined && next !== this.#ends; next = next.next) pending.push(next)
    return pending
  }

  #arm(atMs: number): void {
    clearTimeout(this.#timer)
    this.#armedForMs = atMs
    const waitMs = Math.min(Math.max(Math.ceil(atMs - performance.now()), 0), MAX_TIMER_MS)
    this.#timer = setTimeout(() => this.#sweep(), waitMs)
  }

  #sweep(): void {
    const nowMs = performance.now()
    let nextMs = Number.POSITIVE_INFINITY
    const expired: Deadline[] = []
    for (const deadline of this.#list()) {
      if (deadline.expiresAtMs <= nowMs) expired.push(deadline)
      else if (deadline.expiresAtMs < nextMs) nextMs = deadline.expiresAtMs
    }
    this.#timer = undefined
    this.#armedForMs = Number.POSITIVE_INFINITY
    if (nextMs !== Number.POSITIVE_INFINITY) this.#arm(nextMs)
    for (const deadline of expired) {
      this.remove(deadline)
      deadline.expire()
    }
  }
}
