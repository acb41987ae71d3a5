/** Work that is done one after the other, each when the one before it has ended, however that was. */
export class Line {
  #last: Promise<void> = Promise.resolve()
  #length = 0

  /** How much of it is not done yet. */
  get length(): number {
    return this.#length
  }

  /** Resolves when all is done that was added by now. */
  get isDone(): Promise<void> {
    return this.#last
  }

  /** Adds work at the end. Resolves and rejects as the work does. */
  add<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#length++
    const done = this.#last.then(work)
    const leave = (): void => {
      this.#length--
    }
    this.#last = done.then(leave, leave)
    return done
  }
}
