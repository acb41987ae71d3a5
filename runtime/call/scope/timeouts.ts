import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'

/** How long a call may take where nobody says otherwise, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 30_000

/** The longest time that may be given, in milliseconds: what one timer of Node can wait. */
export const MAX_TIMEOUT_MS = 2_147_483_647

/** How long a peer that closes lets go on what it serves, where nobody says otherwise, in milliseconds. */
export const DEFAULT_DRAIN_MS = 10_000

/** How long a call that failed is repeated where nobody says otherwise, in milliseconds. */
export const DEFAULT_RETRY_MS = 2_000

/** A time limit from the user: whole milliseconds from 1 to 2,147,483,647. Throws `invalid_argument` for anything else. */
export function checkTimeoutMs(value: unknown): number {
  return checkMs('timeoutMs', value, 1)
}

/** A time that may be none, under the name of its option: from 0 to 2,147,483,647. Throws `invalid_argument` for anything else. */
export function checkPeriodMs(name: 'drainMs' | 'retryMs', value: unknown): number {
  return checkMs(name, value, 0)
}

function checkMs(name: string, value: unknown, min: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= MAX_TIMEOUT_MS) return value as number
  throw refuse(
    'invalid_argument',
    `${name} is ${printValue(value)}, expected whole milliseconds from ${min} to ${MAX_TIMEOUT_MS}`,
  )
}
