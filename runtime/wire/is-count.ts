/** Whether a value that came counts something: a whole number from 1 on, which JSON gives exactly (RFC 8259, section 6). */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
