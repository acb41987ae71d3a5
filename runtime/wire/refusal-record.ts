import { randomUUID } from 'node:crypto'
import type { ErrorCode } from '../errors/codes.js'
import { cutText } from '../errors/print-value.js'
import type { ErrorRecord } from './error-record.js'

/** In UTF-16 units: whoever is refused may have sent a tag of any length. */
const MAX_MESSAGE_LENGTH = 2_000

/** The answer to a call that is refused before anything of it is looked at: no handler has run, and no stack is made. */
export function createRefusal(code: ErrorCode, message: string): ErrorRecord {
  return {
    kind: 'netgen',
    name: 'NetgenError',
    code,
    message: cutText(message, MAX_MESSAGE_LENGTH),
    maybeExecuted: false,
    errorId: randomUUID(),
    hops: [],
  }
}
