import type { JsonSchema, JsonValue } from '../json.js'
import { classifyKeyword, isJsonObject, readReference } from '../json-schema.js'

/** A part of a schema, and for how many values of each that the schema checks it is asked. */
export interface CountedPart {
  readonly path: readonly (string | number)[]
  readonly schema: JsonSchema
  readonly times: number
}

/** Which keyword bounds how many values a keyword's schemas are asked for. All others are asked for one value each. */
const BOUNDS: ReadonlyMap<string, string> = new Map([
  ['items', 'maxItems'],
  ['contains', 'maxItems'],
  ['additionalProperties', 'maxProperties'],
  ['patternProperties', 'maxProperties'],
  ['unevaluatedProperties', 'maxProperties'],
])

/**
 * How many texts of a format the check of one value may have to look at, those of all alternatives together: Infinity where there is no
 * bound, in a type too that contains itself.
 *
 * @param definitions What the schema refers to.
 */
export function countFormatTexts(
  schema: JsonSchema,
  format: string,
  definitions: ReadonlyMap<string, JsonSchema>,
): number {
  const counts = new Map<string, number>()
  const around = new Set<string>()
  return count(schema)

  function count(inner: JsonSchema): number {
    const name = readReference(inner)
    let sum = isOfFormat(inner, format) ? 1 : 0
    if (name !== undefined) sum += countDefinition(name)
    for (const part of listParts(inner)) {
      const texts = part.times === 0 ? 0 : count(part.schema)
      if (texts > 0) sum += part.times * texts
    }
    return sum
  }

  function countDefinition(name: string): number {
    if (around.has(name)) return hasFormat(name, new Set()) ? Number.POSITIVE_INFINITY : 0
    const definition = definitions.get(name)
    if (definition === undefined) return 0
    const known = counts.get(name)
    if (known !== undefined) return known
    around.add(name)
    const texts = count(definition)
    around.delete(name)
    counts.set(name, texts)
    return texts
  }

  function hasFormat(name: string, seen: Set<string>): boolean {
    const definition = definitions.get(name)
    if (definition === undefined || seen.has(name)) return false
    seen.add(name)
    const isFound = (inner: JsonSchema): boolean => {
      const further = readReference(inner)
      return (
        isOfFormat(inner, format) ||
        (further !== undefined && hasFormat(further, seen)) ||
        listParts(inner).some((part) => isFound(part.schema))
      )
    }
    return isFound(definition)
  }
}

/** Whether texts that a schema describes by itself have a format. */
export function isOfFormat(schema: JsonSchema, format: string): boolean {
  return schema['format'] === format
}

/** The schemas directly inside one, but for what stands in its `$defs`: those are asked where something refers to them. */
export function listParts(schema: JsonSchema): CountedPart[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword === '$defs') return []
    const times = readBound(schema, keyword)
    return listSchemas(keyword, value).map(([path, inner]) => ({ path, schema: inner, times }))
  })
}

function listSchemas(keyword: string, value: JsonValue): [path: (string | number)[], schema: JsonSchema][] {
  const kind = classifyKeyword(keyword)
  if (kind === 'value') return []
  const all: [(string | number)[], JsonValue][] =
    kind === 'schema'
      ? [[[keyword], value]]
      : kind === 'list'
        ? (value as readonly JsonValue[]).map((inner, index) => [[keyword, index], inner])
        : Object.entries(value as JsonSchema).map(([key, inner]) => [[keyword, key], inner])
  return all.filter((each): each is [(string | number)[], JsonSchema] => isJsonObject(each[1]))
}

function readBound(schema: JsonSchema, keyword: string): number {
  const bounding = BOUNDS.get(keyword)
  if (bounding === undefined) return 1
  const bound = schema[bounding]
  return typeof bound === 'number' ? bound : Number.POSITIVE_INFINITY
}
