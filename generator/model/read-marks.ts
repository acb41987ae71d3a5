import type { SchemaNode } from '../load/loaded-schema.js'
import { CODEC_KEYWORD } from './json-schema.js'
import { nameKind } from './kinds/netgen-codecs.js'
import { enterPart, type Position } from './position.js'
import type { TypeNode } from './type-node.js'
import type { TypeReader } from './type-reader.js'
import type { TypeReading } from './type-reading.js'

/**
 * Reads what TypeBox marks a schema with beside its kind: a codec, an unsafe type or a TypeScript enum, whose type the schema
 * does not show, and a refinement, of which it warns. Answers undefined where a mistake was reported.
 */
export function readMarks(
  node: SchemaNode,
  reading: TypeReading,
  position: Position,
  reader: TypeReader,
): TypeReading | undefined {
  if (node.marks.includes('refine')) {
    const finding = 'has a refinement, whose function cannot be written out: only the rest of the type is checked'
    const remedy = 'use keywords such as pattern or minimum where they say the same, and check in the handler'
    reader.report('NG3033', position, finding, remedy)
  }
  const isOwn = node.marks.includes('codec')
  const isUnsafe = node.marks.includes('unsafe') && nameKind(node) === node.kind
  const isInferred = isOwn || isUnsafe || isMadeOfEnum(node, position, reader)
  if (!isInferred) return reading
  const type = inferType(position, reader)
  if (type === undefined) return undefined
  if (!isOwn) return { ...reading, type }
  return {
    type,
    schema: { ...reading.schema, [CODEC_KEYWORD]: 'own' },
    codec: { kind: 'own', inner: reading.codec, position },
  }
}

/** Whether a schema lists the members of a TypeScript enum: of their type are they alone, and not what is equal to them. */
function isMadeOfEnum(node: SchemaNode, position: Position, reader: TypeReader): boolean {
  if (node.kind === 'Enum') return reader.isEnum(enterPart(position, 'enum'))
  if (!node.marks.includes('enum')) return false
  return reader.isEnum(enterPart(position, node.kind === 'Literal' ? 'const' : 'anyOf'))
}

/**
 * The type that the compiler infers at a place. TypeBox's types have the parts that its live schemas have, but for
 * `Type.Recursive` of 0.34, and for what a module computes.
 */
function inferType(position: Position, reader: TypeReader): TypeNode | undefined {
  const { exportName, path, around } = position
  const isHidden = around.slice(0, -1).some(({ node }) => node.marks.includes('recursive'))
  if (!isHidden) return { kind: 'inferred', exportName, path }
  const remedy =
    'export a codec as a constant of its own; for an unsafe type, write Type.Module instead of Type.Recursive'
  reader.report('NG3032', position, 'has a type that the compiler cannot reach inside Type.Recursive', remedy)
  return undefined
}
