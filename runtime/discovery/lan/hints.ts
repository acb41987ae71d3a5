import type { Address } from '../../api/address.js'
import type { Announced } from './service-records.js'

/** For how long an announcement is remembered, in milliseconds: as its records say. */
const REMEMBERED_MS = 120_000

/** When an address is claimed again where nobody proved to be there, in milliseconds: at first, and at last. */
const RETRY_MS = { first: 500, last: 5_000 }

/** How many are remembered, and how many claimed in a second: a flood of announcements costs no more. */
const MAX_HINTS = 1_024
const MAX_CLAIMS_PER_S = 128

interface Hint extends Address {
  readonly id: string
  heardAtMs: number
  dueAtMs: number
  retryMs: number
  /** Whether the peer is in the table. */
  isSettled: boolean
}

/**
 * What was announced, by anybody: addresses that are claimed, again and again and ever more seldom, until a peer proves to be there.
 * It has no clock, and no timer.
 */
export class Hints {
  readonly #hints = new Map<string, Hint>()
  #claimed = { second: 0, count: 0 }

  /** Something was announced. */
  add({ id, host, port }: Announced, nowMs: number): void {
    const key = `${id} ${host} ${port}`
    const known = this.#hints.get(key)
    if (known !== undefined) {
      known.heardAtMs = nowMs
      return
    }
    if (this.#hints.size >= MAX_HINTS) this.#dropOldest()
    const hint = { id, host, port, heardAtMs: nowMs, dueAtMs: nowMs, retryMs: RETRY_MS.first, isSettled: false }
    this.#hints.set(key, hint)
  }

  /** A peer proved itself, or was lost. */
  settle(id: string, isSettled: boolean, nowMs: number): void {
    for (const hint of this.#hints.values()) {
      if (hint.id !== id) continue
      hint.isSettled = isSettled
      hint.retryMs = RETRY_MS.first
      hint.dueAtMs = nowMs + RETRY_MS.first
    }
  }

  /** Who was announced not long ago, and need not say so again. */
  listFresh(nowMs: number): string[] {
    const fresh = [...this.#hints.values()].filter(({ heardAtMs }) => nowMs - heardAtMs < REMEMBERED_MS / 2)
    return [...new Set(fresh.map(({ id }) => id))]
  }

  /** The addresses to claim now. */
  takeDue(nowMs: number): Address[] {
    const due: Address[] = []
    for (const [key, hint] of this.#hints) {
      if (nowMs - hint.heardAtMs >= REMEMBERED_MS) this.#hints.delete(key)
      else if (!hint.isSettled && nowMs >= hint.dueAtMs) {
        if (!this.#mayClaim(nowMs)) break
        hint.dueAtMs = nowMs + hint.retryMs
        hint.retryMs = Math.min(hint.retryMs * 2, RETRY_MS.last)
        due.push({ host: hint.host, port: hint.port })
      }
    }
    return due
  }

  #mayClaim(nowMs: number): boolean {
    const second = Math.floor(nowMs / 1_000)
    if (this.#claimed.second !== second) this.#claimed = { second, count: 0 }
    return ++this.#claimed.count <= MAX_CLAIMS_PER_S
  }

  /** The oldest of those that nobody stands behind. */
  #dropOldest(): void {
    for (const [key, { isSettled }] of this.#hints) {
      if (isSettled) continue
      this.#hints.delete(key)
      return
    }
    const [first] = this.#hints.keys()
    if (first !== undefined) this.#hints.delete(first)
  }
}
