import { hash } from 'node:crypto'
import { canonicalizeJson, type JsonValue } from './json.js'

/** 132 bits in base64url. */
const DIGEST_CHARACTERS = 22

/**
 * Digests of short texts. A thousand connections have fifty thousand parts, and most of them are `{"type":"string"}` and the
 * like: hashing those again was a third of the time of a model.
 */
const known = new Map<string, string>()
const MAX_KNOWN = 20_000
const MAX_KNOWN_CHARACTERS = 400

/** Digests a JSON value: 22 characters of base64url, whatever the order of its keys. */
export function digestJson(value: JsonValue): string {
  return digestCanonical(canonicalizeJson(value))
}

/** Digests a JSON value that is written with sorted keys. */
export function digestCanonical(text: string): string {
  const before = known.get(text)
  if (before !== undefined) return before
  const digest = hash('sha256', text, 'base64url').slice(0, DIGEST_CHARACTERS)
  if (text.length <= MAX_KNOWN_CHARACTERS) {
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(text, digest)
  }
  return digest
}
