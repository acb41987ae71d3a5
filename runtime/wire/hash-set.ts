const SLOTS = 2 ** 17

/**
 * A set of hashes of 32 bits, for {@link SLOTS} / 2 of them or fewer. The hash of a text is `Math.imul(hash, factor) + byte | 0` over its
 * bytes, from `seed` on, and {@link scatter} of that: seed and factor differ from process to process, so that nobody can choose many short
 * texts that have the same one.
 */
export class HashSet {
  readonly seed: number = makeNumber()
  /** 5 more than a multiple of 8: powers of what is near to 1 or -1 modulo a power of 2 would give many numbers the same hash. */
  readonly factor: number = (makeNumber() & ~7) | 5
  readonly #slots = new Int32Array(SLOTS)

  /** Answers whether it is new. */
  add(hash: number): boolean {
    // 0 is a slot that is free.
    const held = hash === 0 ? 1 : hash
    let slot = held & (SLOTS - 1)
    for (let found = this.#slots[slot]; found !== 0; found = this.#slots[slot]) {
      if (found === held) return false
      slot = (slot + 1) & (SLOTS - 1)
    }
    this.#slots[slot] = held
    return true
  }

  clear(): void {
    this.#slots.fill(0)
  }
}

/** Has each bit of a number depend on many: sums and differences of hashes are no hashes then. */
export function scatter(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}

function makeNumber(): number {
  return Math.floor(Math.random() * 2 ** 32) | 0
}
