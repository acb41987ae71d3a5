import { type Address, printAddress } from '../../api/address.js'

/** How many hellos are answered in a second: in all, and to one address, which greets seven times at the most. */
const MAX_PER_S = { all: 256, each: 16 }

/**
 * How many hellos are answered: whoever recorded one, and sends it again and again, has no more sent than that, and keeps nobody else from
 * being answered. It has no clock.
 */
export class AnswerBudget {
  #second = 0
  #taken = 0
  /** How many went to each address in this second. */
  readonly #takenBy = new Map<string, number>()

  /** Takes one for an answer to an address; false where there were too many. */
  take(to: Address, nowMs: number): boolean {
    const second = Math.floor(nowMs / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#taken = 0
      this.#takenBy.clear()
    }
    const at = printAddress(to)
    const taken = this.#takenBy.get(at) ?? 0
    if (this.#taken >= MAX_PER_S.all || taken >= MAX_PER_S.each) return false
    this.#taken++
    this.#takenBy.set(at, taken + 1)
    return true
  }
}
