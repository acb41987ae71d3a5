/** Longer texts are not worth their copy. */
const MAX_COPIED_BYTES = 16 * 1024

/** Written anew for each text. */
const copy = Buffer.allocUnsafeSlow(MAX_COPIED_BYTES)

/** A text in a form that Node writes as it is. */
export interface EncodedText {
  readonly text: string
  readonly encoding: 'latin1' | 'utf8'
  /** Its length in UTF-8. */
  readonly bytes: number
}

/**
 * Encodes a text as UTF-8, for Node to write it behind other text. It would count the bytes of one beyond Latin-1 first, then copy it, two bytes a
 * character, and only then encode it: as what its bytes are, one character each, a record of 1 KB is written in half the time.
 */
export function encodeText(text: string): EncodedText {
  if (text.length * 3 > MAX_COPIED_BYTES) {
    const length = Buffer.byteLength(text)
    return { text, encoding: length === text.length ? 'latin1' : 'utf8', bytes: length }
  }
  const bytes = copy.write(text)
  return { text: bytes === text.length ? text : copy.toString('latin1', 0, bytes), encoding: 'latin1', bytes }
}
