import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'

/** How long a call may take where nobody says otherwise, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 30_000

/** The longest time that may be given, in milliseconds: what one timer of Node can wait. */
export const MAX_TIMEOUT_MS = 2_147_483_647

/** How long a peer that closes lets go on what it serves, where nobody says otherwise, in milliseconds. */
export const DEFAULT_DRAIN_MS = 10_000

/** How long a closing peer waits: whole milliseconds from 0 to 2,147,483,647. Throws `invalid_argument` for anything else. */
export function checkDrainMs(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_TIMEOUT_MS) return value as number
  throw refuse(
    'invalid_argument',
    `drainMs is ${printValue(value)}, expected whole milliseconds from 0 to ${MAX_TIMEOUT_MS}`,
  )
}

/** A time limit from the user: whole milliseconds from 1 to 2,147,483,647. Throws `invalid_argument` for anything else. */
export function checkTimeoutMs(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_TIMEOUT_MS) return value as number
  throw refuse(
    'invalid_argument',
    `timeoutMs is ${printValue(value)}, expected whole milliseconds from 1 to ${MAX_TIMEOUT_MS}`,
  )
}
