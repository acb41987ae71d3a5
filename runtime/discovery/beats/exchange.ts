/** How many of the last beats are remembered: an answer to an older one says less than silence does. */
const REMEMBERED = 32

/**
 * What two peers have told each other: which of its own beats the other side has answered, and which of the other side's were
 * heard. It has no clock, and no socket.
 */
export class Exchange {
  /** When each of the last beats was sent, by sequence modulo their number. */
  readonly #sentAtMs: number[] = []
  #sequence = 0
  #heard = 0

  /** The numbers of the next beat. */
  next(nowMs: number): { readonly sequence: number; readonly echo: number } {
    this.#sequence++
    this.#sentAtMs[this.#sequence % REMEMBERED] = nowMs
    return { sequence: this.#sequence, echo: this.#heard }
  }

  /** Takes what came. False where it came before, or something later has: it is to be left alone. */
  take(sequence: number): boolean {
    if (sequence <= this.#heard) return false
    this.#heard = sequence
    return true
  }

  /** When the beat was sent that the other side says it has; undefined where there is none such, or it is too long ago. */
  findSentAtMs(echo: number): number | undefined {
    const isKnown = echo > 0 && echo <= this.#sequence && echo > this.#sequence - REMEMBERED
    return isKnown ? this.#sentAtMs[echo % REMEMBERED] : undefined
  }
}
