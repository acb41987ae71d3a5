import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../../generator/model/json.js'

/** Values that are one change away: a part replaced, left out or added. */
export function mutate(value: JsonValue): fc.Arbitrary<JsonValue> {
  const replaced = fc.constantFrom<JsonValue>(null, false, 0, 1.5, -1, '', 'a', 'abcd', [], [1], {}, { a: 1 })
  if (typeof value !== 'object' || value === null) return replaced
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[]
    const at = fc.nat({ max: items.length })
    return fc.oneof(
      replaced,
      at.map((index) => items.filter((_, other) => other !== index)),
      fc.tuple(at, replaced).map(([index, item]) => [...items.slice(0, index), item, ...items.slice(index + 1)]),
      at.chain((index) =>
        index < items.length ? mutate(items[index] ?? null).map((item) => items.with(index, item)) : replaced,
      ),
    )
  }
  const object = value as JsonObject
  const keys = Object.keys(object)
  const key = fc.constantFrom(...keys, 'extra')
  return fc.oneof(
    replaced,
    key.map((gone) => Object.fromEntries(Object.entries(object).filter(([name]) => name !== gone))),
    fc.tuple(key, replaced).map(([name, other]) => ({ ...object, [name]: other })),
    key.chain((name) => mutate(object[name] ?? null).map((other) => ({ ...object, [name]: other }))),
  )
}
