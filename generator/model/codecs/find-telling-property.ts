import type { JsonSchema, JsonValue } from '../json.js'
import { isJsonObject, readReference } from '../json-schema.js'

/** A property by whose value objects of several types are told apart. */
export interface TellingProperty {
  readonly name: string
  /** For each type, the values that the property has there, and in no other. */
  readonly values: readonly (readonly TellingValue[])[]
}

/** What a telling property may have as its value. */
export type TellingValue = string | number | boolean | null

/**
 * Finds the property that tells objects apart: required in all of them, and in each one of some literals that no other has.
 * The first that the first of them has; undefined where there is none.
 *
 * @param definitions What references lead to.
 */
export function findTellingProperty(
  schemas: readonly JsonSchema[],
  definitions: ReadonlyMap<string, JsonSchema>,
): TellingProperty | undefined {
  const tables = schemas.map((schema) => readLiteralProperties(schema, definitions, new Set()))
  for (const name of tables[0]?.keys() ?? []) {
    const values = tables.map((table) => table.get(name) ?? [])
    const all = values.flat()
    if (values.every(({ length }) => length > 0) && new Set(all).size === all.length) return { name, values }
  }
  return undefined
}

function readLiteralProperties(
  schema: JsonSchema,
  definitions: ReadonlyMap<string, JsonSchema>,
  followed: ReadonlySet<string>,
): ReadonlyMap<string, readonly TellingValue[]> {
  const name = readReference(schema)
  const target = name === undefined || followed.has(name) ? undefined : definitions.get(name)
  const inside = new Set([...followed, ...(name === undefined ? [] : [name])])
  const parts = [...(target === undefined ? [] : [target]), ...((schema['allOf'] ?? []) as readonly JsonSchema[])]
  const inherited = parts.flatMap((part) => [...readLiteralProperties(part, definitions, inside)])
  const required = (schema['required'] ?? []) as readonly string[]
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {}
  const own = Object.entries(properties).flatMap(([key, property]): [string, readonly TellingValue[]][] =>
    required.includes(key) ? [[key, readLiterals(property)]] : [],
  )
  return new Map([...inherited, ...own].filter(([, values]) => values.length > 0))
}

function readLiterals(property: JsonValue): readonly TellingValue[] {
  if (!isJsonObject(property)) return []
  const values = 'const' in property ? [property['const'] ?? null] : property['enum']
  const isTelling = (value: JsonValue): value is TellingValue => typeof value !== 'object' || value === null
  return Array.isArray(values) && values.every(isTelling) ? values : []
}
