/**
 * The places of two equal items of an array, whatever the order of their keys (JSON Schema 2020-12, 4.2.2); undefined where all
 * differ. Takes time in proportion to the size of the items: comparing each with each would take it for every pair.
 */
export function findTwins(items: readonly unknown[]): readonly [first: number, second: number] | undefined {
  const scalars = new Map<unknown, number>()
  const objects = new Map<string, number>()
  /** The first of each shape: it is printed when there is another one. */
  const alone = new Map<string, number>()
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    const isObject = typeof item === 'object' && item !== null
    const known = isObject ? enterObject(item, index) : enter(scalars, item, index)
    if (known !== undefined) return [known, index]
  }
  return undefined

  function enterObject(item: object, index: number): number | undefined {
    const first = enter(alone, printShape(item), index)
    if (first === undefined) return undefined
    enter(objects, printSorted(items[first]), first)
    return enter(objects, printSorted(item), index)
  }
}

/** The same text for all objects that could be equal: what is inside is not looked at. */
function printShape(item: object): string {
  return Array.isArray(item) ? `[${item.length}` : JSON.stringify(Object.keys(item).sort())
}

/** Where the key stands already; else it stands there from now on. */
function enter<Key>(places: Map<Key, number>, key: Key, index: number): number | undefined {
  const known = places.get(key)
  if (known === undefined) places.set(key, index)
  return known
}

/** The same text for equal values of JSON, and for no others. */
function printSorted(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(printSorted).join()}]`
  const record = value as Record<string, unknown>
  const properties = Object.keys(record)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${printSorted(record[key])}`)
  return `{${properties.join()}}`
}
