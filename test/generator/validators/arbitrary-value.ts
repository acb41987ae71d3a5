import fc from 'fast-check'
import type { JsonObject, JsonSchema, JsonValue } from '../../../generator/model/json.js'
import { readReference } from '../../../generator/model/json-schema.js'

const MAX_LEVELS = 4

/** Values that a schema of the table mostly lets pass: limits on lengths and numbers are now and then overstepped. */
export function arbitraryOf(schema: JsonSchema, definitions: JsonObject, level = 0): fc.Arbitrary<JsonValue> {
  const inner = (part: JsonValue | undefined): fc.Arbitrary<JsonValue> => {
    if (part === undefined || typeof part === 'boolean' || level === MAX_LEVELS) return arbitraryScalar()
    return arbitraryOf(part as JsonSchema, definitions, level + 1)
  }
  const list = (keyword: string): readonly JsonValue[] => (schema[keyword] ?? []) as readonly JsonValue[]
  const reference = readReference(schema)
  if (reference !== undefined) return inner(definitions[reference])
  if ('const' in schema) return fc.constant(schema['const'] ?? null)
  if ('enum' in schema) return fc.constantFrom(...list('enum'))
  if ('anyOf' in schema) return fc.oneof(...list('anyOf').map(inner))
  if ('oneOf' in schema) return fc.oneof(...list('oneOf').map(inner))
  if ('allOf' in schema) {
    return fc.tuple(...list('allOf').map(inner)).map((parts) => Object.assign({}, ...parts) as JsonValue)
  }
  switch (schema['type']) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: -3, max: 8 })
    case 'number':
      return fc.integer({ min: -6, max: 22 }).map((half) => half / 2)
    case 'string':
      return fc.oneof(
        fc.string({ unit: 'binary', maxLength: 4 }),
        fc.constantFrom('abc', 'É', '😀😀😀', '😀😀😀😀', 'Q/'),
      )
    case 'array': {
      const prefix = fc.tuple(...list('prefixItems').map(inner))
      const rest = schema['items'] === false ? fc.constant([]) : fc.array(inner(schema['items']), { maxLength: 3 })
      return fc.tuple(prefix, rest).map(([first, others]) => [...first, ...others])
    }
    case 'object':
      return arbitraryObject(schema, inner)
    default:
      return fc.jsonValue() as fc.Arbitrary<JsonValue>
  }
}

function arbitraryObject(
  schema: JsonSchema,
  inner: (part: JsonValue | undefined) => fc.Arbitrary<JsonValue>,
): fc.Arbitrary<JsonValue> {
  const properties = (schema['properties'] ?? {}) as JsonObject
  const requiredKeys = (schema['required'] ?? []) as string[]
  const record = fc.record(Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, inner(value)])), {
    requiredKeys,
  })
  const [pattern] = Object.values((schema['patternProperties'] ?? {}) as JsonObject)
  const others = fc.dictionary(
    fc.constantFrom('x', '0', '1', '-2', '1.5', '01'),
    inner(pattern ?? schema['additionalProperties']),
    {
      maxKeys: 2,
    },
  )
  return fc.tuple(record, others).map(([own, more]) => ({ ...more, ...own }) as JsonValue)
}

function arbitraryScalar(): fc.Arbitrary<JsonValue> {
  return fc.constantFrom<JsonValue>(null, true, 0, 1.5, '', 'x', [], {})
}

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
