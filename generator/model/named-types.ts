import type { LoadedValue, ObjectNode, SchemaNode } from '../load/loaded-schema.js'
import { ANNOTATION_RULES } from './keywords/annotations.js'
import { isObject } from './loaded-value.js'

/** An exported schema that a schema is, or has the type of. */
export interface NameFinding {
  readonly name: string
  /** Whether the two let the same values pass; if not, only their TypeScript types are the same. */
  readonly sameChecks: boolean
}

/** Finds exported schemas again where they are used. */
export interface NamedTypes {
  find(node: SchemaNode): NameFinding | undefined
  /** The exported schema of a name. */
  get(name: string): SchemaNode | undefined
}

/**
 * Creates the table of exported schemas. A schema is found by its own identity, and through `Type.Optional` and
 * `Type.Readonly`, which copy it, by the identity of what they share: its codec, or else its properties or definitions. Of two
 * names for one schema, the first wins.
 */
export function createNamedTypes(exports: ReadonlyMap<string, SchemaNode>): NamedTypes {
  const byNode = new Map<SchemaNode, string>()
  const byParts = new Map<ObjectNode, string>()
  const byCodec = new Map<number, string>()
  for (const [name, node] of exports) {
    const parts = readSharedParts(node)
    if (!byNode.has(node)) byNode.set(node, name)
    if (node.codec !== undefined && !byCodec.has(node.codec)) byCodec.set(node.codec, name)
    else if (parts !== undefined && !byParts.has(parts)) byParts.set(parts, name)
  }
  return {
    get: (name) => exports.get(name),
    find(node) {
      const own = byNode.get(node)
      if (own !== undefined) return { name: own, sameChecks: true }
      const parts = readSharedParts(node)
      const name = node.codec === undefined ? parts && byParts.get(parts) : byCodec.get(node.codec)
      const original = name === undefined ? undefined : exports.get(name)
      if (name === undefined || original === undefined || original.kind !== node.kind) return undefined
      // A codec, too, copies the schema that it is put around.
      if (original.codec !== node.codec || isUnsafe(original) !== isUnsafe(node)) return undefined
      // A definition list is shared by every member of a module; only the same member is the same type.
      if (original.keywords.get('$ref') !== node.keywords.get('$ref')) return undefined
      return { name, sameChecks: haveSameLimits(original, node) && haveSameRefinements(original, node) }
    },
  }
}

function isUnsafe({ marks }: SchemaNode): boolean {
  return marks.includes('unsafe')
}

function haveSameRefinements(left: SchemaNode, right: SchemaNode): boolean {
  return left.marks.includes('refine') === right.marks.includes('refine')
}

function readSharedParts(node: SchemaNode): ObjectNode | undefined {
  const parts = node.keywords.get(node.kind === 'Object' ? 'properties' : '$defs')
  return isObject(parts) ? parts : undefined
}

function haveSameLimits(left: SchemaNode, right: SchemaNode): boolean {
  const leftLimits = listLimits(left)
  const rightLimits = new Map(listLimits(right))
  return leftLimits.length === rightLimits.size && leftLimits.every(([key, value]) => rightLimits.get(key) === value)
}

/** All that is not documentation. `required` follows from the properties, and is copied with them. */
function listLimits(node: SchemaNode): [string, LoadedValue][] {
  return [...node.keywords].filter(([keyword]) => keyword !== 'required' && !ANNOTATION_RULES.has(keyword))
}
