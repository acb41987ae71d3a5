/** For how long the dead are remembered, in milliseconds: what was said of them before is believed no more. */
const REMEMBERED_MS = 30_000

const MAX_TOMBSTONES = 1_024

interface Tombstone {
  readonly diedAtMs: number
  readonly saidGoodbye: boolean
}

/** The peers that have ended not long ago, so that a late message raises nobody from the dead. */
export class Tombstones {
  readonly #tombstones = new Map<string, Tombstone>()

  /** A peer has ended. Who said goodbye never comes back; who was only not heard may. */
  add(id: string, saidGoodbye: boolean, nowMs: number): void {
    const known = this.#find(id, nowMs)
    this.#tombstones.delete(id)
    this.#tombstones.set(id, { diedAtMs: nowMs, saidGoodbye: saidGoodbye || (known?.saidGoodbye ?? false) })
    for (const oldest of this.#tombstones.keys()) {
      if (this.#tombstones.size <= MAX_TOMBSTONES) break
      this.#tombstones.delete(oldest)
    }
  }

  has(id: string, nowMs: number): boolean {
    return this.#find(id, nowMs) !== undefined
  }

  /** Whether a peer has ended for good. */
  saidGoodbye(id: string, nowMs: number): boolean {
    return this.#find(id, nowMs)?.saidGoodbye ?? false
  }

  /** Whether a peer counts as alive that proved itself when it was asked at a time: not where it died after that, or for good. */
  mayReturn(id: string, askedAtMs: number, nowMs: number): boolean {
    const known = this.#find(id, nowMs)
    return known === undefined || (!known.saidGoodbye && known.diedAtMs < askedAtMs)
  }

  #find(id: string, nowMs: number): Tombstone | undefined {
    const known = this.#tombstones.get(id)
    if (known !== undefined && nowMs - known.diedAtMs >= REMEMBERED_MS) {
      this.#tombstones.delete(id)
      return undefined
    }
    return known
  }
}
