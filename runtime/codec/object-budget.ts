import { CodecError } from './codec-error.js'

/**
 * How much of one input, item or payload may become what takes long to make: `invalid_argument`. An item of a set or a map counts one, a
 * URL or a byte string two. As many of the shortest as 1 MiB holds would take up to 130 ms, and these take 37.
 */
const MAX_COST = 100_000

/** What a URL or a byte string counts. */
export const OBJECT_COST = 2

const LIMIT = `${MAX_COST / OBJECT_COST} URLs and byte strings, or ${MAX_COST} items of sets and maps`

/** What may still be made; no limit but for what a peer is asked or told. */
let left = Number.POSITIVE_INFINITY

/** Converts what a peer was asked or told. */
export function convertWithinBudget<Value>(convert: () => Value): Value {
  // A codec of the application's may convert something else meanwhile.
  const outer = left
  left = MAX_COST
  try {
    return convert()
  } finally {
    left = outer
  }
}

/** Makes room for more. Throws a {@link CodecError} where there is none. */
export function takeFromBudget(cost: number, pointer: string): void {
  left -= cost
  if (left < 0) throw new CodecError(pointer, `is more than one value may have, ${LIMIT}: send it in parts`)
}
