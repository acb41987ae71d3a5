import { createRandom } from '../../../runtime/transport/memory/create-random.js'

/** Makes wrong bytes of right ones, the same for the same seed. */
export class Mutator {
  readonly #random: () => number
  readonly #corpus: readonly Buffer[]
  readonly #words: readonly Buffer[]

  /** `words`: what belongs to the format, and stands where it should not in many a mistake. */
  constructor(seed: number, corpus: readonly Buffer[], words: readonly string[]) {
    this.#random = createRandom(seed)
    this.#corpus = corpus
    this.#words = words.map((word) => Buffer.from(word, 'latin1'))
  }

  /** One of the right messages with one to four things done to it, mostly one: then most of it is still read. */
  next(): Buffer {
    let bytes = this.pick(this.#corpus)
    for (let rounds = this.pick([1, 1, 1, 2, 3, 4]); rounds > 0; rounds--) bytes = this.#change(bytes)
    return bytes
  }

  /** A whole number from 0 up to a limit, which it does not reach. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('expected something to pick from')
    return item
  }

  #change(bytes: Buffer): Buffer {
    const at = this.below(bytes.length + 1)
    const until = at + this.below(Math.min(bytes.length - at, 64) + 1)
    const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, until), bytes.subarray(until)]
    switch (this.below(9)) {
      case 0:
        return this.#flipBits(bytes)
      case 1:
        return before
      case 2:
        return Buffer.concat([before, after])
      case 3:
        return Buffer.concat([before, ...Array<Buffer>(2 + this.below(6)).fill(part), after])
      case 4:
        return Buffer.concat([before, this.#cutFromOther(), after])
      case 5:
        return Buffer.concat([before, this.pick(this.#words), after])
      case 6:
        return Buffer.concat([before, this.pick(this.#words), bytes.subarray(at)])
      case 7:
        return this.#changeNumber(bytes)
      default:
        return Buffer.concat([before, Buffer.from([this.below(256)]), after])
    }
  }

  #flipBits(bytes: Buffer): Buffer {
    const flipped = Buffer.from(bytes)
    for (let flips = this.below(4); flips >= 0 && flipped.length > 0; flips--) {
      const at = this.below(flipped.length)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << this.below(8))
    }
    return flipped
  }

  #cutFromOther(): Buffer {
    const other = this.pick(this.#corpus)
    const from = this.below(other.length)
    return other.subarray(from, from + this.below(other.length - from + 1))
  }

  /** Lengths, ids and counts are where a reader trusts most. */
  #changeNumber(bytes: Buffer): Buffer {
    const text = bytes.toString('latin1')
    const numbers = [...text.matchAll(/\d+/g)]
    if (numbers.length === 0) return this.#flipBits(bytes)
    const { 0: digits, index } = this.pick(numbers)
    const value = Number(digits)
    const other = this.pick([value + 1, value - 1, value * 2, -value, 0, 2 ** 31, 2 ** 53, `0${digits}`, `${digits}e9`])
    return Buffer.from(`${text.slice(0, index)}${other}${text.slice(index + digits.length)}`, 'latin1')
  }
}
