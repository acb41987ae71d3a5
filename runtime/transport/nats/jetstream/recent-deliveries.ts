/** How many finished deliveries are remembered, at least, and twice as many at most. */
const MAX_REMEMBERED = 4_096

/** For how long an acknowledgement may get lost with its connection, or with the server, in milliseconds, at least. */
const UNSAFE_MS = 2_000

/** How many of these are kept, at least, and twice as many at most. */
const MAX_UNSAFE = 32_768

/**
 * What was finished here lately. It comes again where its acknowledgement was lost: with a connection, or with a server that was killed
 * before it had written it. Then it is not handled again, and what may have been lost is said again.
 */
export class RecentDeliveries {
  #keys = new Set<string>()
  #olderKeys = new Set<string>()
  #replies: string[] = []
  #olderReplies: string[] = []
  #turnedAtMs = performance.now()

  /** One was finished, and is acknowledged at `reply`. */
  add(key: string, reply: string): void {
    this.#keys.add(key)
    if (this.#keys.size >= MAX_REMEMBERED) {
      this.#olderKeys = this.#keys
      this.#keys = new Set()
    }
    const nowMs = performance.now()
    if (nowMs - this.#turnedAtMs > UNSAFE_MS || this.#replies.length >= MAX_UNSAFE) {
      this.#olderReplies = this.#replies
      this.#replies = []
      this.#turnedAtMs = nowMs
    }
    this.#replies.push(reply)
  }

  has(key: string): boolean {
    return this.#keys.has(key) || this.#olderKeys.has(key)
  }

  /** Where to acknowledge again what may have been lost. */
  get unsafe(): readonly string[] {
    return [...this.#olderReplies, ...this.#replies]
  }
}
