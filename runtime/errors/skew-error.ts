import { hasBrand, NetgenError } from './netgen-error.js'

/** Registered for the whole process, so that the error is known across two copies of the package. */
const BRAND = Symbol.for('netgen.skewError')

/** What two peers mean by one tag: digests of its connection, or its event, in the schema of each. */
export interface Skew {
  readonly tag: string
  /** The digest that the peer has which called, or emitted. */
  readonly caller: string
  /** The digest that the peer has which was called, or subscribed. */
  readonly callee: string
}

/**
 * A call failed because two peers were built from different schemas: its input is none to the callee, its answer none to the
 * caller, or only one of them means a stream. The same of an event whose payload is none to a subscriber. Neither side is at fault for what it was given: build both from the same schema.
 *
 * Its code is `failed_precondition`. `instanceof SkewError` holds across two copies of the package.
 */
export class SkewError extends NetgenError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'SkewError', writable: true, configurable: true })
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  /** The tag that was called, and its digest at either side; equal digests mean equal wire formats. */
  readonly skew: Skew

  constructor(message: string, skew: Skew, maybeExecuted: boolean) {
    super('failed_precondition', message, { maybeExecuted })
    this.skew = skew
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === SkewError ? hasBrand(value, BRAND) : Function.prototype[Symbol.hasInstance].call(this, value)
  }
}
