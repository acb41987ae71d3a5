import { isError } from './is-error.js'
import type { NetgenError } from './netgen-error.js'
import { refuse } from './refuse.js'

/** What is known of a call to what is not served. */
export interface Unserved {
  /** The peer in words. */
  readonly peer: string
  /** The tag that was called. */
  readonly asked: string
  /** The tags that are served there. */
  readonly has: readonly string[]
}

const known = new WeakMap<Error, Unserved>()

/** Makes the error of a call to what is not served. */
export function refuseUnserved(message: string, facts: Unserved): NetgenError {
  return tellUnserved(refuse('unimplemented', message), facts)
}

/** Gives an error the three facts, as properties that are not printed: its message says what is worth it. */
export function tellUnserved<Failure extends Error>(error: Failure, facts: Unserved): Failure {
  known.set(error, facts)
  for (const [key, value] of Object.entries(facts)) Object.defineProperty(error, key, { value, configurable: true })
  return error
}

/** The three facts, where whatever was thrown is such an error. */
export function findUnserved(thrown: unknown): Unserved | undefined {
  return isError(thrown) ? known.get(thrown) : undefined
}
