import { isRefusal, refuse } from '../../errors/refuse.js'
import { checkPart, type Part } from '../../validation/check-value.js'
import type { ConnectionChecks } from '../../validation/validate.js'

/**
 * Checks a value that interceptors may have made; with `index`, one item of a stream. Throws `internal`, also for an input: an
 * interceptor is at fault, and not the caller.
 */
export function recheckPart(
  tag: string,
  part: Part,
  checks: ConnectionChecks,
  value: unknown,
  index?: number,
): unknown {
  // What is answered where nothing is declared stays where it is.
  if (checks[part] === null) return undefined
  try {
    return checkPart(`${tag}, as an interceptor left it,`, part, checks, value, index)
  } catch (error) {
    if (!isRefusal(error)) throw error
    const { message, maybeExecuted, cause } = error
    throw refuse('internal', message, cause === undefined ? { maybeExecuted } : { maybeExecuted, cause })
  }
}
