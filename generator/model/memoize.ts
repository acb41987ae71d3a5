/**
 * Makes a function that computes once for each object and variant, and keeps the last result of each object for as long as the
 * object is kept.
 *
 * @param compute Must depend on the two alone, and the object must never change.
 */
export function memoize<Key extends object, Result>(
  compute: (key: Key, variant: string) => Result,
): (key: Key, variant?: string) => Result {
  const results = new WeakMap<Key, { readonly variant: string; readonly result: Result }>()
  return (key, variant = '') => {
    const known = results.get(key)
    if (known?.variant === variant) return known.result
    const result = compute(key, variant)
    results.set(key, { variant, result })
    return result
  }
}
