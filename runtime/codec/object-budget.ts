import { CodecError } from './codec-error.js'

/**
 * How many texts of one input, item or payload may become objects that take long to make, URLs and byte strings: `invalid_argument`.
 * As many of the shortest as 1 MiB holds would take up to 130 ms, and these take 37.
 */
export const MAX_COSTLY_OBJECTS = 50_000

/** How many more may be made; infinitely many but for what a peer is asked or told. */
let left = Number.POSITIVE_INFINITY

/** Converts what a peer was asked or told. */
export function convertWithinBudget<Value>(convert: () => Value): Value {
  left = MAX_COSTLY_OBJECTS
  try {
    return convert()
  } finally {
    left = Number.POSITIVE_INFINITY
  }
}

/** Makes room for one more. Throws a {@link CodecError} where there have been too many. */
export function takeFromBudget(pointer: string): void {
  if (--left >= 0) return
  const limit = `one more than the ${MAX_COSTLY_OBJECTS} URLs and byte strings that one value may have`
  throw new CodecError(pointer, `is ${limit}: send it in parts`)
}
