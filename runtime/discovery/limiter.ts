/** Runs tasks, at most so many at once; the others wait in their order. */
export class Limiter {
  readonly #width: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(width: number) {
    this.#width = width
  }

  /** What the task answers, or rejects with. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    // Whoever ends hands its place to the next.
    if (this.#running >= this.#width) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running++
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}
