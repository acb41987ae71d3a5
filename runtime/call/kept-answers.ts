import type { WireAnswer } from '../wire/exchange.js'

/** What is remembered of a call that was answered. */
export interface KeptAnswer {
  /** What tells its tag and input from others. */
  readonly print: string
  readonly answer: WireAnswer
}

/** How many answers are kept. */
const MAX_ANSWERS = 10_000

/** How long, in milliseconds. */
const KEPT_MS = 120_000

/** How much they hold together, in UTF-16 units of JSON. */
const MAX_LENGTH = 16 * 1024 * 1024

interface Entry extends KeptAnswer {
  readonly length: number
  readonly expiresAtMs: number
}

/**
 * The last answers by the names of their calls: 10,000, those of 2 minutes, or 16 MiB of JSON, whichever is the least. The
 * oldest are forgotten first; one timer for all of them empties the table of a peer that is not called any more.
 */
export class KeptAnswers {
  /** In the order in which they were given. */
  readonly #entries = new Map<string, Entry>()
  #length = 0
  #timer: NodeJS.Timeout | undefined

  find(key: string): KeptAnswer | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || entry.expiresAtMs <= performance.now() ? undefined : entry
  }

  add(key: string, { print, answer }: KeptAnswer): void {
    const length = key.length + print.length + measure(answer)
    // One that is expired may still be there under the same name.
    this.#delete(key)
    this.#entries.set(key, { print, answer, length, expiresAtMs: performance.now() + KEPT_MS })
    this.#length += length
    this.#prune()
    this.#timer ??= setTimeout(this.#sweep, KEPT_MS).unref()
  }

  /** Forgets all of them. */
  close(): void {
    clearTimeout(this.#timer)
    this.#entries.clear()
    this.#length = 0
  }

  readonly #sweep = (): void => {
    this.#prune()
    this.#timer = this.#entries.size === 0 ? undefined : setTimeout(this.#sweep, KEPT_MS).unref()
  }

  #prune(): void {
    const nowMs = performance.now()
    for (const [key, { expiresAtMs }] of this.#entries) {
      if (this.#entries.size <= MAX_ANSWERS && this.#length <= MAX_LENGTH && expiresAtMs > nowMs) return
      this.#delete(key)
    }
  }

  #delete(key: string): void {
    this.#length -= this.#entries.get(key)?.length ?? 0
    this.#entries.delete(key)
  }
}

function measure(answer: WireAnswer): number {
  return answer.ok ? answer.body.length : JSON.stringify(answer.error).length
}
