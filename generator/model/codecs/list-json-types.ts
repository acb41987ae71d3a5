import type { JsonSchema, JsonValue } from '../json.js'
import { isJsonObject, readReference } from '../json-schema.js'
import type { JsonType } from './codec-plan.js'

const ALL_TYPES: readonly JsonType[] = ['null', 'boolean', 'number', 'string', 'array', 'object']

/**
 * Lists the JSON types that values of a schema can have. One too many is possible, where keywords exclude it in ways that are
 * not looked at; none is left out.
 *
 * @param definitions What references lead to.
 */
export function listJsonTypes(
  schema: JsonSchema,
  definitions: ReadonlyMap<string, JsonSchema>,
  followed: ReadonlySet<string> = new Set(),
): readonly JsonType[] {
  const limits: (readonly JsonType[])[] = []
  const name = readReference(schema)
  if (name !== undefined && !followed.has(name)) {
    const target = definitions.get(name)
    if (target !== undefined) limits.push(listJsonTypes(target, definitions, new Set([...followed, name])))
  }
  if ('const' in schema) limits.push([typeOf(schema['const'] ?? null)])
  if (Array.isArray(schema['enum'])) limits.push(schema['enum'].map(typeOf))
  if (schema['type'] !== undefined) limits.push([schema['type']].flat().flatMap(readTypeName))
  if (isJsonObject(schema['not']) && Object.keys(schema['not']).length === 0) limits.push([])
  const listInner = (inner: JsonValue): readonly JsonType[] => listJsonTypes(inner as JsonSchema, definitions, followed)
  for (const keyword of ['anyOf', 'oneOf']) {
    const arms = schema[keyword]
    if (Array.isArray(arms)) limits.push(arms.flatMap(listInner))
  }
  if (Array.isArray(schema['allOf'])) limits.push(...schema['allOf'].map(listInner))
  return ALL_TYPES.filter((type) => limits.every((limit) => limit.includes(type)))
}

function typeOf(value: JsonValue): JsonType {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : (typeof value as 'boolean' | 'number' | 'string' | 'object')
}

function readTypeName(name: JsonValue): readonly JsonType[] {
  return ALL_TYPES.filter((type) => type === (name === 'integer' ? 'number' : name))
}
