import { randomUUID } from 'node:crypto'
import type { ErrorCode } from '../errors/codes.js'
import type { ErrorRecord } from './error-record.js'

/** The answer to a call that is refused before anything of it is looked at: no handler has run, and no stack is made. */
export function createRefusal(code: ErrorCode, message: string): ErrorRecord {
  return { kind: 'netgen', name: 'NetgenError', code, message, maybeExecuted: false, errorId: randomUUID(), hops: [] }
}
