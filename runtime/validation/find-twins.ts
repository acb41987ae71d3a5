import { SortedPrinter } from './sorted-printer.js'

/**
 * The places of two equal items of an array, whatever the order of their keys (JSON Schema 2020-12, 4.2.2); undefined where all
 * differ. Takes time in proportion to the size of the items: comparing each with each would take it for every pair.
 */
export function findTwins(items: readonly unknown[]): readonly [first: number, second: number] | undefined {
  const scalars = new Map<unknown, number>()
  const objects = new Map<string, number>()
  const shapes = new Map<string, Shape>()
  const printer = new SortedPrinter()
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    const isObject = typeof item === 'object' && item !== null
    const known = isObject ? enterObject(item, index) : enter(scalars, item, index)
    if (known !== undefined) return [known, index]
  }
  return undefined

  function enterObject(item: object, index: number): number | undefined {
    const shape = printer.printShape(item)
    const same = shapes.get(shape)
    if (same === undefined) {
      shapes.set(shape, { first: index, isAlone: true })
      return undefined
    }
    if (same.isAlone) {
      same.isAlone = false
      enter(objects, printer.print(items[same.first]), same.first)
    }
    return enter(objects, printer.print(item), index)
  }
}

/** What all objects that could be equal have in common. */
interface Shape {
  readonly first: number
  /** The first of a shape is printed when there is another one. */
  isAlone: boolean
}

/** Where the key stands already; else it stands there from now on. */
function enter<Key>(places: Map<Key, number>, key: Key, index: number): number | undefined {
  const known = places.get(key)
  if (known === undefined) places.set(key, index)
  return known
}
