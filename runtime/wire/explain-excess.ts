import { isExcessStructure, STRUCTURE_PROBLEM } from './find-excess.js'
import { MAX_REQUEST_BYTES } from './limits.js'

/** Why what a peer is asked or told is not to be sent, JSON text that it would refuse; undefined where it would not. */
export function explainRequestExcess(text: string): string | undefined {
  const bytes = countBytesOver(text, MAX_REQUEST_BYTES)
  if (bytes !== undefined) return `has ${bytes} bytes of JSON, at most ${MAX_REQUEST_BYTES} are allowed`
  return isExcessStructure(text) ? `is refused: ${STRUCTURE_PROBLEM}` : undefined
}

/** The bytes of a text in UTF-8 where they are more than `maxBytes`. */
export function countBytesOver(text: string, maxBytes: number): number | undefined {
  // UTF-8 has at most three bytes for each unit of UTF-16: most texts need no counting.
  if (text.length * 3 <= maxBytes) return undefined
  const bytes = Buffer.byteLength(text)
  return bytes > maxBytes ? bytes : undefined
}
