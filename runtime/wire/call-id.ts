const CALL_ID = /^[A-Za-z0-9_.-]{1,64}$/

/**
 * Whether a text can name a call: 1 to 64 letters, digits and `_.-`, so that it travels as a header as it is. A UUID fits.
 */
export function isCallId(value: unknown): value is string {
  return typeof value === 'string' && CALL_ID.test(value)
}
