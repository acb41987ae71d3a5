import { refuse } from '../../errors/refuse.js'
import { checkEncodable, encodePart, namePart } from '../../validation/check-value.js'
import type { EventChecks } from '../../validation/validate.js'
import { MAX_REQUEST_BYTES } from '../../wire/limits.js'

/**
 * A payload of the application's as JSON text, checked. Throws `invalid_argument` where it is not what the schema declares, and
 * `resource_exhausted` where it is longer than 1 MiB.
 */
export function writePayload(tag: string, checks: EventChecks, payload: unknown): string {
  if (checks.payload === null) return 'null'
  const encoded = encodePart(tag, 'payload', checks, payload)
  checkEncodable(tag, 'payload', encoded)
  // Only a payload of `Unknown` can be undefined and still pass its check.
  const text = encoded === undefined ? 'null' : JSON.stringify(encoded)
  // UTF-8 has at most three bytes for each unit of UTF-16: most texts need no counting.
  if (text.length * 3 <= MAX_REQUEST_BYTES) return text
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_REQUEST_BYTES) return text
  const problem = `has ${bytes} bytes of JSON, at most ${MAX_REQUEST_BYTES} are allowed: send a reference to it`
  throw refuse('resource_exhausted', `${namePart(tag, 'payload')} ${problem}`)
}
