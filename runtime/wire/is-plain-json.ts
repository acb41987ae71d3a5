/**
 * Whether a value that was JSON has `maxLevels` levels at most, and no key that could reach a prototype. False says nothing: a key
 * may need a closer look. For a list of 100 KB this takes a quarter of the time of looking for both in its text, for a record half.
 */
export function isPlainJson(value: unknown, maxLevels: number): boolean {
  return typeof value !== 'object' || value === null || isPlainObject(value, maxLevels)
}

function isPlainObject(value: object, maxLevels: number): boolean {
  if (maxLevels === 0) return false
  if (Array.isArray(value)) return areItemsPlain(value, maxLevels - 1)
  // A polluted Object.prototype would add keys, and levels without end: then it is false.
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key]
    if (key === '__proto__') return false
    if (typeof item !== 'object' || item === null) continue
    if (key === 'constructor' || !isPlainObject(item, maxLevels - 1)) return false
  }
  return true
}

function areItemsPlain(items: readonly unknown[], maxLevels: number): boolean {
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (typeof item === 'object' && item !== null && !isPlainObject(item, maxLevels)) return false
  }
  return true
}
