import type { Link } from './link.js'

/** For how many reasons nothing may arrive over a link. */
export class Holds {
  readonly #link: Pick<Link, 'pause' | 'resume'>
  #count = 0
  #isLate = false

  constructor(link: Pick<Link, 'pause' | 'resume'>) {
    this.#link = link
  }

  add(): void {
    if (this.#count++ === 0) this.#link.pause()
    this.#isLate = true
  }

  remove(): void {
    if (--this.#count === 0) this.#link.resume()
  }

  /** Whether anything that arrived since this was last asked may have been held back: its sender may have gone since. */
  takeLate(): boolean {
    const isLate = this.#isLate
    this.#isLate = this.#count > 0
    return isLate
  }
}
