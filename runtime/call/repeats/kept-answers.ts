import type { WireAnswer } from '../../wire/exchange.js'
import { writeFlag } from '../../wire/flag.js'

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

/** How many places in front of the queue may stand empty. A Map that is emptied from its front is slow to find its first entry. */
const MAX_GAP = 1_024

interface Entry extends KeptAnswer {
  readonly key: string
  readonly length: number
  readonly expiresAtMs: number
}

/**
 * The last answers by the names of their calls: 10,000, those of 2 minutes, or 16 MiB of JSON, whichever is the least. The
 * oldest are forgotten first; one timer for all of them empties the table of a peer that is not called any more.
 */
export class KeptAnswers {
  readonly #entries = new Map<string, Entry>()
  /** In the order in which they were given; what stands before the first is forgotten. */
  #queue: (Entry | undefined)[] = []
  #first = 0
  #length = 0
  #timer: NodeJS.Timeout | undefined

  find(key: string): KeptAnswer | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || entry.expiresAtMs <= performance.now() ? undefined : entry
  }

  /** Keeps the answer of a call that is not kept yet. */
  add(key: string, { print, answer }: KeptAnswer): void {
    const nowMs = performance.now()
    const length = key.length + print.length + measure(answer)
    const entry = { key, print, answer, length, expiresAtMs: nowMs + KEPT_MS }
    this.#entries.set(key, entry)
    this.#queue.push(entry)
    this.#length += length
    this.#prune(nowMs)
    this.#timer ??= setTimeout(this.#sweep, KEPT_MS).unref()
  }

  /** Forgets all of them. */
  close(): void {
    clearTimeout(this.#timer)
    this.#entries.clear()
    this.#queue = []
    this.#first = 0
    this.#length = 0
  }

  readonly #sweep = (): void => {
    this.#prune(performance.now())
    this.#timer = this.#entries.size === 0 ? undefined : setTimeout(this.#sweep, KEPT_MS).unref()
  }

  #prune(nowMs: number): void {
    for (;;) {
      const oldest = this.#queue[this.#first]
      if (oldest === undefined) break
      const isFull = this.#queue.length - this.#first > MAX_ANSWERS || this.#length > MAX_LENGTH
      if (!isFull && oldest.expiresAtMs > nowMs) break
      this.#queue[this.#first++] = undefined
      this.#length -= oldest.length
      // Its name may have been given again since it expired.
      if (this.#entries.get(oldest.key) === oldest) this.#entries.delete(oldest.key)
    }
    if (this.#first < MAX_GAP) return
    this.#queue = this.#queue.slice(this.#first)
    this.#first = 0
  }
}

function measure(answer: WireAnswer): number {
  if (answer.ok) return answer.body.length
  return answer.flag === undefined ? JSON.stringify(answer.error).length : writeFlag(answer.flag).length
}
