import { hasBrand, NetgenError } from './netgen-error.js'

/** Registered for the whole process, so that it is known across two copies of the package. */
const BRAND = Symbol.for('netgen.flagError')

/**
 * What a call throws that ended with a flag which no `peer.onFlag` of this peer has a handler for. Its code is
 * `failed_precondition`. `instanceof FlagError` holds across two copies of the package.
 */
export class FlagError<Data = unknown> extends NetgenError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'FlagError', writable: true, configurable: true })
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  /** The flag's tag. */
  readonly flag: string
  /** As the flag's schema says, or as JSON held it where no schema of that flag is known here. */
  readonly data: Data

  constructor(flag: string, data: Data, message: string) {
    super('failed_precondition', message, { maybeExecuted: true })
    this.flag = flag
    this.data = data
  }

  /** Whether this is a certain flag, as generated code exports it: then its data are that flag's. */
  is<Other>(flag: { readonly tag: string; readonly '~data'?: Other }): this is FlagError<Other> {
    return this.flag === flag.tag
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === FlagError ? hasBrand(value, BRAND) : Function.prototype[Symbol.hasInstance].call(this, value)
  }
}
