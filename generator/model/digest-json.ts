import { createHash } from 'node:crypto'
import { canonicalizeJson, type JsonValue } from './json.js'

/** 132 bits in base64url. */
const DIGEST_CHARACTERS = 22

/** Digests a JSON value: 22 characters of base64url, whatever the order of its keys. */
export function digestJson(value: JsonValue): string {
  return createHash('sha256').update(canonicalizeJson(value)).digest('base64url').slice(0, DIGEST_CHARACTERS)
}
