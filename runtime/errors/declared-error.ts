import { hasBrand, NetgenError } from './netgen-error.js'

/** Registered for the whole process, so that a declared error is known where generated code has its own copy of the package. */
const BRAND = Symbol.for('netgen.declaredError')

/** How to make a declared error, besides its data. */
export interface DeclaredErrorOptions {
  /** Default: the error's name. */
  readonly message?: string
  readonly cause?: unknown
}

/**
 * The base of the classes that `netgen build` generates for declared errors.
 *
 * Thrown in a handler, it is rethrown at the caller as the same class with the same data. Its code is
 * `failed_precondition`. `instanceof DeclaredError` holds across two copies of the package.
 */
export abstract class DeclaredError<Name extends string = string, Data = unknown> extends NetgenError {
  static {
    Object.defineProperty(this.prototype, BRAND, { value: true })
  }

  /** The error's name in the schema. */
  readonly errorName: Name
  /** What the schema says this error carries. */
  readonly data: Data

  constructor(errorName: Name, data: Data, options: DeclaredErrorOptions = {}) {
    super('failed_precondition', options.message ?? errorName, {
      maybeExecuted: true,
      ...('cause' in options ? { cause: options.cause } : {}),
    })
    this.errorName = errorName
    this.data = data
    Object.defineProperty(this, 'name', { value: `${errorName}Error`, writable: true, configurable: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === DeclaredError ? hasBrand(value, BRAND) : Function.prototype[Symbol.hasInstance].call(this, value)
  }
}

/** A generated class of declared errors. */
export interface DeclaredErrorClass {
  readonly errorName: string
  // `never`: whoever constructs one from the wire has had its data checked by the generated validator.
  new (data: never, options?: DeclaredErrorOptions): DeclaredError
}
