/** How much is published before it is asked whether the server has taken it, in bytes: to ask for each message would double them. */
const UNCOUNTED_BYTES = 256 * 1024

/** For so many bytes that wait to leave one question more may have no answer: over a link of 3.5 Mbit/s it leaves in time behind them. */
const BYTES_OF_QUESTION = 256 * 1024

/** How many questions more than else may stay without an answer, since they leave behind what was published before. */
export function allowSilence(unsentBytes: number): number {
  return Math.floor(Math.max(0, unsentBytes - UNCOUNTED_BYTES) / BYTES_OF_QUESTION)
}

/** Knows about how much was published that the server may not have taken yet: to a quarter of a MiB. */
export class UnsentBytes {
  readonly #onceFlushed: (listener: () => void) => void
  #bytes = 0
  #isCounting = false

  /** `onceFlushed` is that of the engine. */
  constructor(onceFlushed: (listener: () => void) => void) {
    this.#onceFlushed = onceFlushed
  }

  get bytes(): number {
    return this.#bytes
  }

  /** So much is published now. */
  add(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > UNCOUNTED_BYTES && !this.#isCounting) this.#count()
  }

  /** Nothing of it will leave: the connection is lost, and who waited for a flush is forgotten. */
  clear(): void {
    this.#bytes = 0
    this.#isCounting = false
  }

  /** What is published meanwhile stays counted, and is asked for next. */
  #count(): void {
    this.#isCounting = true
    const countedBytes = this.#bytes
    this.#onceFlushed(() => {
      this.#bytes -= countedBytes
      this.#isCounting = false
      if (this.#bytes > UNCOUNTED_BYTES) this.#count()
    })
  }
}
