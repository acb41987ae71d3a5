import { randomBytes } from 'node:crypto'

/** Names of calls: random in their beginning, which is the same for all of one peer's, and counted in their end. */
export class CallIds {
  readonly #prefix = `${randomBytes(9).toString('base64url')}.`
  #last = 0

  next(): string {
    this.#last++
    return this.#prefix + this.#last.toString(36)
  }
}
