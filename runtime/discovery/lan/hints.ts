import type { Address } from '../../api/address.js'
import { Allowance } from './allowance.js'
import type { Announced } from './service-records.js'

/** For how long an announcement is remembered, in milliseconds: as its records say. */
const REMEMBERED_MS = 120_000

/** When an address is claimed again where nobody proved to be there, in milliseconds: at first, and at last. */
const RETRY_MS = { first: 500, last: 5_000 }

/** How many are remembered, and how many claimed in a second: a flood of announcements costs no more. */
const MAX_HINTS = 1_024
const MAX_CLAIMS_PER_S = 128

/**
 * How long who was greeted has to answer before its address is claimed, in milliseconds, and before it is greeted again: to be asked
 * over HTTP costs both a hundred times as much, which those who answer late have no time for.
 */
const GREETED_MS = 1_000
const GREET_AGAIN_MS = 200

interface Hint extends Address {
  readonly id: string
  heardAtMs: number
  greetedAtMs: number
  dueAtMs: number
  retryMs: number
  /** Whether the peer is in the table. */
  isSettled: boolean
}

/** What one machine announced, by id and address; what was claimed last is last. */
type Announcements = Map<string, Hint>

/**
 * What was announced, by anybody: addresses that are claimed, again and again and ever more seldom, until a peer proves to be there.
 * Machines take turns, and where there is no room whoever announced most loses some of it: a flood displaces nobody else's (fair
 * queueing, RFC 970). It has no clock, and no timer.
 */
export class Hints {
  /** By the machine from which they came; whose was claimed last is last. */
  readonly #sources = new Map<string, Announcements>()
  /** Who is in the table, and when it proved or announced itself last. */
  readonly #present = new Map<string, number>()
  readonly #greetings = new Allowance()
  #size = 0
  #claimed = { second: 0, count: 0 }

  /** Something was announced, from an address. */
  add({ id, host, port }: Announced, from: string, nowMs: number): void {
    const isSettled = this.#present.has(id)
    if (isSettled) this.#present.set(id, nowMs)
    const key = `${id} ${host} ${port}`
    const known = this.#sources.get(from)?.get(key)
    if (known !== undefined) {
      known.heardAtMs = nowMs
      return
    }
    if (this.#size >= MAX_HINTS) this.#dropOne()
    const announced = this.#sources.get(from) ?? new Map<string, Hint>()
    this.#sources.set(from, announced)
    const times = { heardAtMs: nowMs, greetedAtMs: Number.NEGATIVE_INFINITY, dueAtMs: nowMs, retryMs: RETRY_MS.first }
    announced.set(key, { id, host, port, ...times, isSettled })
    this.#size++
  }

  /**
   * Has whoever was announced from an address greeted, unless it is in the table, or was greeted just now, or too many were. Its address
   * is not claimed before it had time to answer. `say`: false where it cannot be greeted.
   */
  greet({ id, host, port }: Announced, from: string, nowMs: number, say: (to: Address) => boolean): void {
    const hint = this.#sources.get(from)?.get(`${id} ${host} ${port}`)
    if (hint === undefined || hint.isSettled || nowMs - hint.greetedAtMs < GREET_AGAIN_MS) return
    // Whoever is there announces itself: what was announced for others is claimed, and greets nobody in a stranger's name.
    if (host !== from || !this.#greetings.take(from, nowMs) || !say({ host, port })) return
    // Only the first time: who never answers greetings is claimed all the same.
    if (hint.greetedAtMs === Number.NEGATIVE_INFINITY) hint.dueAtMs = nowMs + GREETED_MS
    hint.greetedAtMs = nowMs
  }

  /** A peer proved itself, or was lost. */
  settle(id: string, isSettled: boolean, nowMs: number): void {
    this.#present.delete(id)
    if (isSettled) this.#present.set(id, nowMs)
    for (const oldest of this.#present.keys()) {
      if (this.#present.size <= MAX_HINTS) break
      this.#present.delete(oldest)
    }
    for (const hint of this.#listAll()) {
      if (hint.id !== id) continue
      hint.isSettled = isSettled
      hint.retryMs = RETRY_MS.first
      hint.dueAtMs = nowMs + RETRY_MS.first
    }
  }

  /** Who is in the table, and need not say again that it is there: who proved or announced itself not long ago. */
  listFresh(nowMs: number): string[] {
    return [...this.#present].flatMap(([id, atMs]) => (nowMs - atMs < REMEMBERED_MS / 2 ? [id] : []))
  }

  /** The addresses to claim now, as many as are wanted at the most, of each machine one in turn. */
  takeDue(nowMs: number, max: number): Address[] {
    const due: Address[] = []
    if (max <= 0 || !this.#mayClaim(nowMs)) return due
    const queues = new Map([...this.#sources].map(([from, announced]) => [from, announced.entries()]))
    for (const [from, queue] of queues) {
      const hint = this.#takeNext(from, queue, nowMs)
      queues.delete(from)
      if (hint === undefined) continue
      due.push({ host: hint.host, port: hint.port })
      this.#claimed.count++
      if (due.length >= max || !this.#mayClaim(nowMs)) break
      // It has its next turn when all others had theirs.
      queues.set(from, queue)
    }
    return due
  }

  /** The next of a machine's that is due; what nobody announced for long is removed on the way. */
  #takeNext(from: string, queue: Iterator<[string, Hint]>, nowMs: number): Hint | undefined {
    const announced = this.#sources.get(from)
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      const [key, hint] = next.value
      if (nowMs - hint.heardAtMs >= REMEMBERED_MS) this.#remove(from, key)
      else if (announced !== undefined && !hint.isSettled && nowMs >= hint.dueAtMs) {
        hint.dueAtMs = nowMs + hint.retryMs
        hint.retryMs = Math.min(hint.retryMs * 2, RETRY_MS.last)
        announced.delete(key)
        announced.set(key, hint)
        this.#sources.delete(from)
        this.#sources.set(from, announced)
        return hint
      }
    }
    return undefined
  }

  #mayClaim(nowMs: number): boolean {
    const second = Math.floor(nowMs / 1_000)
    if (this.#claimed.second !== second) this.#claimed = { second, count: 0 }
    return this.#claimed.count < MAX_CLAIMS_PER_S
  }

  /** Of whoever announced most that nobody proved to be at; of the others, only where there is nothing else. */
  #dropOne(): void {
    let [most, mostAnnounced]: [string, Announcements] = ['', new Map()]
    let mostCounts = -1
    for (const [from, announced] of this.#sources) {
      const counts = countUnsettled(announced)
      if (counts > mostCounts) [most, mostAnnounced, mostCounts] = [from, announced, counts]
    }
    this.#remove(most, findUnsettled(mostAnnounced) ?? '')
  }

  #remove(from: string, key: string): void {
    const announced = this.#sources.get(from)
    if (announced?.delete(key)) this.#size--
    if (announced?.size === 0) this.#sources.delete(from)
  }

  #listAll(): Hint[] {
    return [...this.#sources.values()].flatMap((announced) => [...announced.values()])
  }
}

/** The first behind which nobody stands, or else the first. */
function findUnsettled(announced: Announcements): string | undefined {
  for (const [key, { isSettled }] of announced) if (!isSettled) return key
  return announced.keys().next().value
}

function countUnsettled(announced: Announcements): number {
  let count = 0
  for (const { isSettled } of announced.values()) if (!isSettled) count++
  return count
}
