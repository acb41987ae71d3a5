import type { ErrorCode } from './codes.js'
import type { Remote } from './remote.js'

/** Registered for the whole process, so that errors are known across two copies of the package. */
const BRAND = Symbol.for('netgen.error')

/** How to make a {@link NetgenError}. */
export interface NetgenErrorOptions {
  /** Whether the handler may have run. Default: false. */
  readonly maybeExecuted?: boolean
  readonly cause?: unknown
}

/**
 * What a call throws when it failed for a reason that is neither a declared error nor a built-in of JavaScript.
 *
 * `instanceof NetgenError` holds across two copies of the package.
 */
export class NetgenError extends Error {
  static {
    // On the prototype, so that no instance carries or prints it.
    Object.defineProperty(this.prototype, 'name', { value: 'NetgenError', writable: true, configurable: true })
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  /** The kind of failure, from a closed set. */
  readonly code: ErrorCode
  /** Whether the handler may have run: false means that it certainly did not. */
  readonly maybeExecuted: boolean
  /** Where it came from, when it came from another peer. Not enumerable. */
  declare readonly remote?: Remote

  constructor(code: ErrorCode, message: string, options: NetgenErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.maybeExecuted = options.maybeExecuted ?? false
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // Subclasses inherit this method; only NetgenError itself is known by its brand.
    return this === NetgenError ? hasBrand(value, BRAND) : Function.prototype[Symbol.hasInstance].call(this, value)
  }
}

/** Whether an object bears a mark that is registered for the whole process. */
export function hasBrand(value: unknown, brand: symbol): boolean {
  return typeof value === 'object' && value !== null && brand in value
}
