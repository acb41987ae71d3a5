import type { LoadedValue, SchemaNode } from '../../load/loaded-schema.js'
import { isObject, isSchema } from '../loaded-value.js'
import type { Position } from '../position.js'

/**
 * Finds the property that tells the arms of a union apart: required in all of them, and in each a literal string of its
 * own. The first that the first arm has; undefined where there is none, or an arm is no object.
 */
export function findDiscriminator(arms: readonly LoadedValue[], { members }: Position): string | undefined {
  const tables = arms.map((arm) => readLiteralProperties(followReferences(arm, members)))
  const [first] = tables
  if (first === undefined) return undefined
  return [...first.keys()].find((name) => {
    const values = tables.map((table) => table?.get(name))
    return values.every((value) => value !== undefined) && new Set(values).size === values.length
  })
}

function readLiteralProperties(arm: SchemaNode | undefined): ReadonlyMap<string, string> | undefined {
  const properties = arm?.kind === 'Object' ? arm.keywords.get('properties') : undefined
  if (!isObject(properties)) return undefined
  const literals = new Map<string, string>()
  for (const [name, property] of properties.entries) {
    if (!isSchema(property) || property.kind !== 'Literal' || property.optional) continue
    const value = property.keywords.get('const')
    if (typeof value === 'string' && isTellable(value)) literals.set(name, value)
  }
  return literals
}

/** ajv keeps the values in a plain object, which has names of its own, and takes an empty one for none. */
function isTellable(value: string): boolean {
  return value !== '' && !(value in Object.prototype)
}

/** Leads through references and recursive types to the schema that they stand for. */
function followReferences(
  arm: LoadedValue,
  members: ReadonlyMap<string, SchemaNode>,
  followed: ReadonlySet<LoadedValue> = new Set(),
): SchemaNode | undefined {
  if (!isSchema(arm) || followed.has(arm)) return undefined
  const reference = arm.keywords.get('$ref')
  if (typeof reference !== 'string') return arm
  const definitions = arm.keywords.get('$defs')
  const target = isObject(definitions) ? definitions.entries.get(reference) : members.get(reference)
  return target === undefined ? undefined : followReferences(target, members, new Set([...followed, arm]))
}
