/** What short bodies share, one behind the other, until the next one does not fit. */
const SHARED_BYTES = 32 * 1024

/** Longer ones have memory of their own. */
const MAX_SHARED_BYTES = 8 * 1024

let shared = Buffer.allocUnsafeSlow(SHARED_BYTES)
let used = 0

/**
 * A text as UTF-8. `Buffer.from` counts the bytes of a short one before it writes them, which takes as long as to write them: here they are
 * written where they will fit in any case.
 */
export function encodeBody(text: string): Buffer {
  const most = text.length * 3
  if (most > MAX_SHARED_BYTES) return Buffer.from(text)
  if (most > SHARED_BYTES - used) {
    shared = Buffer.allocUnsafeSlow(SHARED_BYTES)
    used = 0
  }
  const start = used
  used += shared.write(text, start)
  return shared.subarray(start, used)
}
