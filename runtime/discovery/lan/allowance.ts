/**
 * How long a datagram to a machine that is not there may take room in the socket, in milliseconds: so long the system looks for it,
 * by three questions a second apart (arp(7)). A socket that is full holds up the beats to everybody else.
 */
const HELD_MS = 4_000

/** How many datagrams are under way at the most, of 1.3 KB each with what the system adds: usual sockets have room for 160. */
const MAX_HELD = { firsts: 112, others: 32 }

/** For how long a source counts as known, in milliseconds, and how many are remembered. */
const KNOWN_MS = 10_000
const MAX_KNOWN = 1_024

/**
 * Who is greeted, of those whom anybody may have announced. The first whom a source announces goes before all others: however many
 * invented ones were announced by others, or by its neighbours, a machine that comes is heard. It has no clock.
 */
export class Allowance {
  /** When those were greeted that may be under way. */
  readonly #held: Record<keyof typeof MAX_HELD, number[]> = { firsts: [], others: [] }
  /** When the first was greeted of each source. */
  readonly #known = new Map<string, number>()

  /** Takes one for somebody whom a source announced; false where too many are under way. */
  take(source: string, nowMs: number): boolean {
    const isKnown = nowMs - (this.#known.get(source) ?? Number.NEGATIVE_INFINITY) < KNOWN_MS
    if (isKnown) return this.#hold('others', nowMs)
    if (!this.#hold('firsts', nowMs)) return false
    this.#known.delete(source)
    this.#known.set(source, nowMs)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break
      this.#known.delete(oldest)
    }
    return true
  }

  #hold(kind: keyof typeof MAX_HELD, nowMs: number): boolean {
    const held = this.#held[kind]
    while (nowMs - (held[0] ?? nowMs) >= HELD_MS) held.shift()
    if (held.length >= MAX_HELD[kind]) return false
    held.push(nowMs)
    return true
  }
}
