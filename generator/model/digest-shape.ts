import { digestCanonical } from './digest-json.js'
import { canonicalizeJson, compareCodeUnits, type JsonObject, type JsonSchema, type JsonValue } from './json.js'
import { classifyKeyword, isJsonObject, mapSubschemas, readReference } from './json-schema.js'

/** Keywords that nothing on the wire depends on. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$comment',
  '$defs',
  'default',
  'deprecated',
  'description',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
])

/** A recursive definition under work: numbers of the definitions in its circle, in the order in which they are met. */
interface Circle {
  readonly entry: string
  readonly numbers: Map<string, number>
}

/**
 * Digests what a schema lets pass, so that neither documentation, nor the order of keys, nor the names of definitions, nor
 * whether a part is a definition at all changes it.
 *
 * A schema counts by the digests of the schemas inside it, and a reference by the digest of what it leads to. Only where that
 * leads back in a circle does a reference count by a number.
 */
export function digestShape(schema: JsonSchema): string {
  const known = digests.get(schema)
  if (known !== undefined) return known
  const digest = computeDigest(schema)
  digests.set(schema, digest)
  return digest
}

/** Digests are a third of the time of a model, and what did not change since the last build has the same schema. */
const digests = new WeakMap<JsonSchema, string>()

function computeDigest(schema: JsonSchema): string {
  // Sorted once, so that the order in which a circle's definitions are met depends on nothing else; without any, it is all one.
  const { $defs, ...root } = '$defs' in schema ? (JSON.parse(canonicalizeJson(schema)) as JsonSchema) : schema
  const definitions = new Map(
    Object.entries(isJsonObject($defs) ? ($defs as Readonly<Record<string, JsonSchema>>) : {}),
  )
  const digests = new Map<string, string>()
  const reachable = new Map<string, ReadonlySet<string>>()

  function digest(part: JsonSchema, circle: Circle | undefined): string {
    const name = readReference(part)
    if (name !== undefined) return digestReference(name, circle)
    const keywords = Object.keys(part).filter((keyword) => !ANNOTATIONS.has(keyword))
    return digestCanonical(writeObject(keywords, (keyword) => write(keyword, part[keyword] as JsonValue, circle)))
  }

  // The text that the part's JSON would have with digests in the place of schemas, without an object made for it first.
  function write(keyword: string, value: JsonValue, circle: Circle | undefined): string {
    const writeInner = (inner: JsonValue | undefined): string => `"${digest(inner as JsonSchema, circle)}"`
    switch (classifyKeyword(keyword)) {
      case 'schema':
        return isJsonObject(value) ? writeInner(value) : canonicalizeJson(value)
      case 'list':
        return `[${(value as readonly JsonSchema[]).map(writeInner).join(',')}]`
      case 'map': {
        const schemas = value as JsonObject
        return writeObject(Object.keys(schemas), (key) => writeInner(schemas[key]))
      }
      default:
        return canonicalizeJson(keyword === 'required' ? sortTexts(value) : value)
    }
  }

  function digestReference(name: string, circle: Circle | undefined): string {
    if (circle !== undefined && isReached(circle.entry, name) && isReached(name, circle.entry)) {
      const number = circle.numbers.get(name)
      if (number !== undefined) return `circle ${number}`
      circle.numbers.set(name, circle.numbers.size)
      return digest(findDefinition(name, definitions), circle)
    }
    const known = digests.get(name)
    if (known !== undefined) return known
    const found = digest(findDefinition(name, definitions), { entry: name, numbers: new Map([[name, 0]]) })
    digests.set(name, found)
    return found
  }

  function isReached(from: string, to: string): boolean {
    let names = reachable.get(from)
    if (names === undefined) {
      names = findReachable(from, definitions)
      reachable.set(from, names)
    }
    return names.has(to)
  }

  return digest(root, undefined)
}

/** Writes an object with sorted keys; its values are written in the order in which they are given. */
function writeObject(keys: readonly string[], writeValue: (key: string) => string): string {
  const entries = keys.map((key) => [key, writeValue(key)] as const)
  entries.sort(([left], [right]) => compareCodeUnits(left, right))
  return `{${entries.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`
}

/** Every definition that one refers to, directly or through others; itself only where it is recursive. */
function findReachable(from: string, definitions: ReadonlyMap<string, JsonSchema>): ReadonlySet<string> {
  const found = new Set<string>()
  const follow = (part: JsonSchema): JsonSchema => {
    const name = readReference(part)
    if (name !== undefined && !found.has(name)) {
      found.add(name)
      follow(findDefinition(name, definitions))
    }
    return mapSubschemas(part, follow)
  }
  follow(findDefinition(from, definitions))
  return found
}

/** A definition that was reported is not there: its digest will not be used, but further mistakes are still looked for. */
function findDefinition(name: string, definitions: ReadonlyMap<string, JsonSchema>): JsonSchema {
  return definitions.get(name) ?? {}
}

function sortTexts(value: JsonValue): JsonValue {
  return [...(value as readonly string[])].sort()
}
