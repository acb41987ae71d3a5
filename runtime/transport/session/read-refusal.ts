import { type Address, printAddress } from '../../api/address.js'
import type { NetgenError } from '../../errors/netgen-error.js'
import { refuse } from '../../errors/refuse.js'
import { decodeObject } from '../../wire/json-object.js'
import { ERROR_RECORD_DEPTH, MAX_DEPTH } from '../../wire/limits.js'
import { readErrorRecord } from '../../wire/read-error-record.js'

/** How much of an answer other than 101 is read, in bytes: a refusal of netgen's has some 300. */
export const MAX_REFUSAL_BYTES = 16_384

/** The error for a session that was refused with a status other than 101; `internal` where no peer answers so. */
export function readRefusal(address: Address, status: number, body: Buffer): NetgenError {
  const at = printAddress(address)
  const record = readErrorRecord(decodeObject(body, MAX_DEPTH + ERROR_RECORD_DEPTH)?.['error'])
  if (record !== undefined) return refuse(record.code, `${at} refuses a session: ${record.message}`)
  return refuse('internal', `the answer of ${at} is refused: it has status ${status} and no error that netgen reads`)
}
