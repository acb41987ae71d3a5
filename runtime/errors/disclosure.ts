/**
 * How much of an error its caller is told.
 *
 * `stack`: everything. `message`: class, message and declared data, but no frames, causes and properties. `none`: the code, and
 * the id under which this peer has logged everything.
 */
export type Disclosure = 'stack' | 'message' | 'none'

/** Whether a value from outside is a level of disclosure. */
export function isDisclosure(value: unknown): value is Disclosure {
  return value === 'stack' || value === 'message' || value === 'none'
}
