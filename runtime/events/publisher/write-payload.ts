import { refuse } from '../../errors/refuse.js'
import { checkEncodable, encodePart, namePart } from '../../validation/check-value.js'
import type { EventChecks } from '../../validation/validate.js'
import { explainRequestExcess } from '../../wire/explain-excess.js'

/**
 * A payload of the application's as JSON text, checked. Throws `invalid_argument` where it is not what the schema declares, and
 * `resource_exhausted` where it is longer than 1 MiB, or past `MAX_STRUCTURE`.
 */
export function writePayload(tag: string, checks: EventChecks, payload: unknown): string {
  if (checks.payload === null) return 'null'
  const encoded = encodePart(tag, 'payload', checks, payload)
  checkEncodable(tag, 'payload', encoded)
  // Only a payload of `Unknown` can be undefined and still pass its check.
  const text = encoded === undefined ? 'null' : JSON.stringify(encoded)
  const problem = explainRequestExcess(text)
  if (problem === undefined) return text
  throw refuse('resource_exhausted', `${namePart(tag, 'payload')} ${problem}: send a reference to it`)
}
