import { isNativeError } from 'node:util/types'

/**
 * Whether a thrown value is an error, of this realm or of another one (a test runner's sandbox has its own `Error`, while
 * Node's modules throw the outer one). Never throws, whatever a proxy's traps do.
 */
export function isError(value: unknown): value is Error {
  return isNativeError(value) || isInstance(value, Error)
}

/** `instanceof` for a value whose traps may throw: those belong to nobody. */
export function isInstance<Type>(value: unknown, type: abstract new (...args: never[]) => Type): value is Type {
  try {
    return value instanceof type
  } catch {
    return false
  }
}

/** A property of a user's error, or undefined where its getter throws. */
export function readProperty(error: Error, key: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}
