import { compareCodeUnits, type JsonObject, type JsonSchema, type JsonValue } from './json.js'

/** Where a JSON Schema of the model's holds further schemas. Everything else in one is a plain value. */
const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'then',
  'unevaluatedProperties',
])
const SCHEMA_LIST_KEYWORDS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const SCHEMA_MAP_KEYWORDS: ReadonlySet<string> = new Set(['$defs', 'patternProperties', 'properties'])

/**
 * The keyword by which netgen's vocabulary marks its codecs, and by which the JSON Schemas of the output name them: connections
 * of different codecs have different digests, though the same may travel.
 */
export const CODEC_KEYWORD = 'x-netgen-codec'

const DEFINITION_PREFIX = '#/$defs/'

/** Makes the schema that refers to a definition of the same document. The name needs no escaping: it is an identifier. */
export function referTo(name: string): JsonSchema {
  return { $ref: DEFINITION_PREFIX + name }
}

/** The name of the definition that a schema refers to; undefined where it does not. */
export function readReference(schema: JsonSchema): string | undefined {
  const { $ref } = schema
  return typeof $ref === 'string' && $ref.startsWith(DEFINITION_PREFIX)
    ? $ref.slice(DEFINITION_PREFIX.length)
    : undefined
}

/** What stands under a keyword: a schema, a list of schemas, schemas by name, or a plain value. */
export function classifyKeyword(keyword: string): 'schema' | 'list' | 'map' | 'value' {
  if (SCHEMA_KEYWORDS.has(keyword)) return 'schema'
  if (SCHEMA_LIST_KEYWORDS.has(keyword)) return 'list'
  return SCHEMA_MAP_KEYWORDS.has(keyword) ? 'map' : 'value'
}

/** Copies a schema with every schema directly inside it replaced. Properties that are named like keywords are left alone. */
export function mapSubschemas(schema: JsonSchema, replace: (inner: JsonSchema) => JsonValue): JsonSchema {
  const entries = Object.entries(schema).map(([keyword, value]): [string, JsonValue] => {
    if (SCHEMA_KEYWORDS.has(keyword)) return [keyword, isJsonObject(value) ? replace(value) : value]
    if (SCHEMA_LIST_KEYWORDS.has(keyword)) return [keyword, (value as readonly JsonSchema[]).map(replace)]
    if (!SCHEMA_MAP_KEYWORDS.has(keyword)) return [keyword, value]
    const replaced = Object.entries(value as JsonObject).map(([key, inner]) => [key, replace(inner as JsonSchema)])
    return [keyword, Object.fromEntries(replaced)]
  })
  return Object.fromEntries(entries)
}

/** Adds to a schema the definitions that it refers to, directly or through others, sorted by name. */
export function bundleSchema(schema: JsonSchema, definitions: ReadonlyMap<string, JsonSchema>): JsonSchema {
  const needed = new Map<string, JsonSchema>()
  const collect = (inner: JsonSchema): JsonSchema => {
    const name = readReference(inner)
    const definition = name === undefined ? undefined : definitions.get(name)
    if (name !== undefined && definition !== undefined && !needed.has(name)) {
      needed.set(name, definition)
      collect(definition)
    }
    return mapSubschemas(inner, collect)
  }
  collect(schema)
  if (needed.size === 0) return schema
  const sorted = [...needed].sort(([left], [right]) => compareCodeUnits(left, right))
  return { ...schema, $defs: Object.fromEntries(sorted) }
}

/** Whether a JSON value is an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
