/**
 * Whether two values hold the same plain data: values of JSON, `undefined` and bigints, in objects and arrays. Whatever else
 * they hold is equal only to itself, and so is data that leads back to itself.
 */
export function isEqualData(left: unknown, right: unknown): boolean {
  return isEqual(left, right, MAX_LEVELS)
}

/** No deeper than any schema may be. */
const MAX_LEVELS = 2_000

function isEqual(left: unknown, right: unknown, levels: number): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null || levels === 0)
    return false
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index], levels - 1))
    )
  }
  if (!isPlain(left) || !isPlain(right)) return false
  const keys = Object.keys(left)
  // The order of keys is seen in what is printed.
  const others = Object.keys(right)
  return (
    keys.length === others.length &&
    keys.every((key, index) => {
      const name = key as keyof typeof left
      return key === others[index] && isEqual(left[name], right[name], levels - 1)
    })
  )
}

function isPlain(object: object): boolean {
  return Object.getPrototypeOf(object) === Object.prototype
}
