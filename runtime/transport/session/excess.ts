import type { ErrorRecord } from '../../wire/error-record.js'
import { MAX_UNCOUNTED_LENGTH } from '../../wire/find-excess.js'
import { MAX_REQUEST_BYTES } from '../../wire/limits.js'
import { createRefusal } from '../../wire/refusal-record.js'

/** UTF-8 has at most three bytes for each unit of UTF-16: a line of so many units needs no counting. */
const MAX_PLAIN_LENGTH = Math.floor(MAX_REQUEST_BYTES / 3)

/** What stands around an input: head, tag, the call's id, and 8,192 bytes of metadata. */
const MAX_REST_BYTES = 16 * 1024

/** How long a line may be of which no part is long enough for its structure to be counted, in UTF-16 units. */
export const MAX_SIMPLE_LENGTH: number = MAX_UNCOUNTED_LENGTH + MAX_REST_BYTES

/** What stands around a payload: three numbers. */
const MAX_EVENT_REST_BYTES = 64

/** Whether the input of a call's line is over 1 MiB for certain, whatever its rest is: without reading it. */
export function isExcessCall(line: string): boolean {
  return line.length > MAX_PLAIN_LENGTH && Buffer.byteLength(line) > MAX_REQUEST_BYTES + MAX_REST_BYTES
}

/** Whether the input that a call's line held is over 1 MiB. */
export function isExcessInput(input: unknown, line: string): boolean {
  if (line.length <= MAX_PLAIN_LENGTH || Buffer.byteLength(line) <= MAX_REQUEST_BYTES) return false
  return Buffer.byteLength(JSON.stringify(input) ?? '') > MAX_REQUEST_BYTES
}

/** Whether the payload of an event's line is over 1 MiB. */
export function isExcessEvent(line: string): boolean {
  return line.length > MAX_PLAIN_LENGTH && Buffer.byteLength(line) > MAX_REQUEST_BYTES + MAX_EVENT_REST_BYTES
}

/** The answer to a call whose input is over 1 MiB. */
export function refuseInput(tag: string, line: string): ErrorRecord {
  const problem = `its message has ${Buffer.byteLength(line)} bytes, and an input at most ${MAX_REQUEST_BYTES}`
  return createRefusal('resource_exhausted', `input of ${tag} is refused: ${problem}: send it in parts`)
}
