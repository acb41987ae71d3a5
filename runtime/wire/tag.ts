/** The longest tag, in UTF-8 bytes, so that its encoded form stays below 700 characters of a URL. */
const MAX_TAG_BYTES = 512

/**
 * A tag as it travels: base64url of its UTF-8 bytes (RFC 4648, section 5, no padding), safe in URLs and in NATS subjects.
 *
 * Throws a RangeError for an empty tag, one over 512 bytes, and one with a lone surrogate, which UTF-8 cannot hold.
 */
export function encodeTag(tag: string): string {
  const bytes = Buffer.from(tag, 'utf8')
  if (bytes.length === 0) throw new RangeError('tag is empty: name the connection')
  if (bytes.length > MAX_TAG_BYTES) {
    throw new RangeError(`tag has ${bytes.length} bytes, at most ${MAX_TAG_BYTES} are allowed: shorten it`)
  }
  if (bytes.toString('utf8') !== tag) throw new RangeError('tag holds a lone surrogate: remove it')
  return bytes.toString('base64url')
}

/** The tag behind its encoded form, or undefined where the text is not what `encodeTag` makes. */
export function decodeTag(encoded: string): string | undefined {
  const bytes = Buffer.from(encoded, 'base64url')
  const tag = bytes.toString('utf8')
  // Buffer skips what is not base64url, and replaces what is not UTF-8: only a text that comes out again was right.
  return tag !== '' && bytes.length <= MAX_TAG_BYTES && Buffer.from(tag, 'utf8').toString('base64url') === encoded
    ? tag
    : undefined
}
