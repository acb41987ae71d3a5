import { refuse } from '../errors/refuse.js'
import type { ConnectionChecks } from './validate.js'

/** The checks of one connection, event or flag, loaded when they are first asked for. */
export class LazyChecks<Checks extends object = ConnectionChecks> {
  readonly #tag: string
  readonly #load: () => Promise<Checks>
  #checks: Checks | Promise<Checks> | undefined

  constructor(tag: string, load: () => Promise<Checks>) {
    this.#tag = tag
    this.#load = load
  }

  /** The checks, where they are there. */
  get loaded(): Checks | undefined {
    return this.#checks instanceof Promise ? undefined : this.#checks
  }

  /** At once where they are there; otherwise a promise. Rejects with `internal` where the generated module cannot be loaded. */
  get(): Checks | Promise<Checks> {
    this.#checks ??= this.#begin()
    return this.#checks
  }

  async #begin(): Promise<Checks> {
    try {
      // A tick first, so that a failure at once finds the promise in its place and takes it away.
      const checks = await Promise.resolve().then(this.#load)
      this.#checks = checks
      return checks
    } catch (cause) {
      // The next call tries again: a missing file may have been built meanwhile.
      this.#checks = undefined
      throw refuse('internal', `the generated checks of ${this.#tag} cannot be loaded: ${findRemedy(cause)}`, { cause })
    }
  }
}

function findRemedy(cause: unknown): string {
  // tsx turns a CommonJS package's file into a data: URL for an ES module that imports it, and nothing is beside such a URL.
  if ((cause as { code?: unknown } | undefined)?.code !== 'ERR_UNSUPPORTED_RESOLVE_REQUEST')
    return 'run `netgen build` again'
  return 'an ES module imports them from a CommonJS package, which tsx cannot: run `npm pkg set type=module`'
}
