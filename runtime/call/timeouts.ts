import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'

/** How long a call may take where nobody says otherwise, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 30_000

/** The longest time that may be given, in milliseconds: what one timer of Node can wait. */
export const MAX_TIMEOUT_MS = 2_147_483_647

/** A time limit from the user: whole milliseconds from 1 to 2,147,483,647. Throws `invalid_argument` for anything else. */
export function checkTimeoutMs(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_TIMEOUT_MS) return value as number
  throw refuse(
    'invalid_argument',
    `timeoutMs is ${printValue(value)}, expected whole milliseconds from 1 to ${MAX_TIMEOUT_MS}`,
  )
}
