import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'

/** The longest metadata of a call, in bytes of its JSON: as base64url it fits into the headers of a request. */
const MAX_METADATA_BYTES = 8_192

/** How many names a call's metadata may have. */
const MAX_METADATA_ENTRIES = 64

/** No capitals, as HTTP compares names without case; no underscore first, so that no name reaches a prototype. */
const NAME = /^[a-z0-9][a-z0-9_.-]*$/

/**
 * What travels beside the input of a call: texts by name. Any Unicode text arrives as it was set, line breaks included, on
 * every transport.
 *
 * `set` throws `invalid_argument` for a name that is not made of `a-z`, `0-9`, `_`, `.` and `-` with a letter or digit first, and
 * for a value that is no text; `resource_exhausted` above 64 names or 8 KiB of JSON in all. Then nothing was set.
 */
export class Metadata extends Map<string, string> {
  override set(name: string, value: string): this {
    checkName(name)
    checkText(name, value)
    this.#checkSize(name, value)
    return super.set(name, value)
  }

  #checkSize(name: string, value: string): void {
    const count = this.has(name) ? this.size : this.size + 1
    if (count > MAX_METADATA_ENTRIES) {
      const problem = `has ${count} names with ${printValue(name)}, at most ${MAX_METADATA_ENTRIES} are allowed`
      throw refuse('resource_exhausted', `metadata ${problem}: put more into the input`)
    }
    const bytes = Buffer.byteLength(JSON.stringify({ ...Object.fromEntries(this), [name]: value }))
    if (bytes <= MAX_METADATA_BYTES) return
    const problem = `has ${bytes} bytes of JSON with ${printValue(name)}, at most ${MAX_METADATA_BYTES} are allowed`
    throw refuse('resource_exhausted', `metadata ${problem}: put large values into the input`)
  }
}

/** Metadata that arrived. Throws as `Metadata.set` does, and `invalid_argument` where it is no object. */
export function readMetadata(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse('invalid_argument', `metadata is ${nameType(value)}, expected an object of texts`)
  }
  const metadata = new Metadata()
  for (const [name, text] of Object.entries(value)) metadata.set(name, text as string)
  return metadata
}

function checkName(name: unknown): void {
  if (typeof name === 'string' && NAME.test(name)) return
  const expected = 'expected a-z, 0-9, "_", "." and "-", with a letter or digit first'
  throw refuse('invalid_argument', `name ${printValue(name)} of metadata is refused: ${expected}`)
}

/** Never prints the value: tokens are values. */
function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string') {
    throw refuse('invalid_argument', `metadata ${printValue(name)} is ${nameType(value)}, expected a text`)
  }
  if (/\p{Surrogate}/u.test(value)) {
    throw refuse('invalid_argument', `metadata ${printValue(name)} holds a lone surrogate: remove it`)
  }
}

function nameType(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
