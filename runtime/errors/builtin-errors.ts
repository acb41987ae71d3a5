import { readProperty } from './is-error.js'

/** The classes of JavaScript that an error is rethrown as: an allow-list, looked up by own keys only. */
const BUILTIN_ERRORS: ReadonlyMap<string, new (message: string) => Error> = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => [type.name, type]),
)

/** The DOMExceptions that Node and its libraries throw; none has the name of a class of JavaScript. */
const DOM_EXCEPTIONS: ReadonlySet<string> = new Set([
  'AbortError',
  'DataCloneError',
  'InvalidStateError',
  'NotSupportedError',
  'OperationError',
  'TimeoutError',
])

type SuppressedErrorClass = new (error: unknown, suppressed: unknown, message: string) => Error

/** Node has it from version 24 on. */
const { SuppressedError } = globalThis as { SuppressedError?: SuppressedErrorClass }

/** The name of an error's class where that is one of JavaScript's own, and not a subclass of it. Never throws. */
export function nameBuiltin(error: Error): string | undefined {
  if (isSuppressedError(error)) return 'SuppressedError'
  const prototype = readPrototype(error)
  if (prototype === DOMException.prototype) {
    const name = readProperty(error, 'name')
    return typeof name === 'string' && DOM_EXCEPTIONS.has(name) ? name : undefined
  }
  if (prototype === undefined) return undefined
  // Node's own errors have a prototype before the built-in's, which says that it is the built-in's.
  const type = readProperty(prototype as Error, 'constructor')
  const name = readProperty(prototype as Error, 'name')
  if (typeof name !== 'string') return undefined
  const builtin = name === 'AggregateError' ? AggregateError : BUILTIN_ERRORS.get(name)
  return builtin !== undefined && type === builtin ? name : undefined
}

/** Of the class, or as compilers of `using` make it where there is no such class. */
export function isSuppressedError(error: Error): boolean {
  if (SuppressedError !== undefined && readPrototype(error) === SuppressedError.prototype) return true
  if (readPrototype(error) !== Error.prototype || readProperty(error, 'name') !== 'SuppressedError') return false
  return ['error', 'suppressed'].every((key) => hasOwn(error, key))
}

/** A new error of the built-in class with this name, or undefined where the name is not on the list. */
export function createBuiltin(name: string, message: string): Error | undefined {
  if (name === 'AggregateError') return new AggregateError([], message)
  if (name === 'SuppressedError') return createSuppressedError(message)
  if (DOM_EXCEPTIONS.has(name)) return new DOMException(message, name)
  const type = BUILTIN_ERRORS.get(name)
  return type === undefined ? undefined : new type(message)
}

function createSuppressedError(message: string): Error {
  if (SuppressedError !== undefined) return new SuppressedError(undefined, undefined, message)
  return Object.defineProperty(new Error(message), 'name', {
    value: 'SuppressedError',
    configurable: true,
    writable: true,
  })
}

function readPrototype(error: Error): object | undefined {
  try {
    return Object.getPrototypeOf(error) ?? undefined
  } catch {
    // A proxy's trap.
    return undefined
  }
}

function hasOwn(error: Error, key: string): boolean {
  try {
    return Object.hasOwn(error, key)
  } catch {
    return false
  }
}
