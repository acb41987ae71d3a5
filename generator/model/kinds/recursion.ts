import type { SchemaNode } from '../../load/loaded-schema.js'
import { referTo } from '../json-schema.js'
import { isObject, isSchema } from '../loaded-value.js'
import { describeValue } from '../plain-value.js'
import { enterPart, type Position, type Surrounding } from '../position.js'
import type { TypeReader } from '../type-reader.js'
import type { TypeReading } from '../type-reading.js'
import type { KindRule } from './kind-rule.js'

/** `Type.Cyclic`, and what `Type.Module` gives for its members: definitions, and which of them is meant. */
export const CYCLIC: KindRule = {
  structure: ['$defs', '$ref'],
  read({ keywords }, position, reader) {
    const definitions = keywords.get('$defs')
    const name = keywords.get('$ref')
    const entries = isObject(definitions) ? [...definitions.entries] : []
    const members = new Map(position.members)
    for (const [key, value] of entries) if (isSchema(value)) members.set(key, value)
    for (const [key, value] of entries) {
      reader.defineMember(key, value, enterPart({ ...position, members }, '$defs', key))
    }
    return readReference(name, { ...position, members }, reader)
  },
}

/** A reference to a member of the `Type.Cyclic` or `Type.Module` around it. */
export const REF: KindRule = {
  structure: ['$ref'],
  read({ keywords }, position, reader) {
    return readReference(keywords.get('$ref'), position, reader)
  },
}

/** A reference to the object, or in 0.34 the `Type.Recursive`, around it. */
export const THIS: KindRule = {
  structure: ['$ref'],
  read(node, position, reader) {
    const target = findThis(node, position)
    if (target?.name !== undefined) return refer(target.name)
    const remedy = 'export the type that it stands in as a constant of its own, or write it with Type.Cyclic'
    reader.report('NG3013', position, 'refers to a type that has no name', remedy)
    return undefined
  },
}

function findThis(node: SchemaNode, { around }: Position): Surrounding | undefined {
  const reference = node.keywords.get('$ref')
  if (reference !== '#') return around.findLast((outer) => outer.node.keywords.get('$id') === reference)
  return around.findLast((outer) => outer.node.kind === 'Object')
}

function readReference(name: unknown, position: Position, reader: TypeReader): TypeReading | undefined {
  if (typeof name === 'string' && position.members.has(name)) return refer(name)
  const known = [...position.members.keys()].map((member) => JSON.stringify(member))
  const finding = `refers to ${typeof name === 'string' ? JSON.stringify(name) : describeValue(undefined)}, which is not there`
  const remedy =
    known.length > 0
      ? `refer to one of ${known.join(', ')}`
      : isInsideOptional(position)
        ? 'write the type with Type.Cyclic: Type.Script loses a type that contains itself through an optional member'
        : 'write references inside Type.Cyclic or Type.Module, and the type itself elsewhere'
  reader.report('NG3012', position, finding, remedy)
  return undefined
}

/** Where Type.Script takes a recursive type apart as often as it meets it, and then leaves the reference. */
function isInsideOptional({ around }: Position): boolean {
  return around.some(({ node }) => node.optional)
}

function refer(name: string): TypeReading {
  return { type: { kind: 'reference', name }, schema: referTo(name), codec: { kind: 'reference', name } }
}
