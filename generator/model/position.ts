import type { SchemaNode } from '../load/loaded-schema.js'
import { isIdentifier } from './names/identifier.js'

/** Where the model's reading stands: the place in the user's schema, and what references mean there. */
export interface Position {
  readonly exportName: string
  /** Follows the live objects: `['input', 'properties', 'val1']`. */
  readonly path: readonly (string | number)[]
  /** The schemas around this place, from the outermost. */
  readonly around: readonly Surrounding[]
  /** What a bare `$ref` leads to here: the members of the `Type.Cyclic` or `Type.Module` around it. */
  readonly members: ReadonlyMap<string, SchemaNode>
}

/** A schema around a place, and the name that its type is printed by, if it has one. */
export interface Surrounding {
  readonly node: SchemaNode
  readonly name?: string
}

/** Makes the position of an export itself. */
export function createPosition(exportName: string): Position {
  return { exportName, path: [], around: [], members: new Map() }
}

/** Makes the position of a part. */
export function enterPart(position: Position, ...parts: readonly (string | number)[]): Position {
  return { ...position, path: [...position.path, ...parts] }
}

/** Names a position as JavaScript would reach it: `saveNote.input.properties["a b"]`. */
export function describePosition({ exportName, path }: Pick<Position, 'exportName' | 'path'>): string {
  const parts = path.map((part) =>
    typeof part === 'string' && isIdentifier(part) ? `.${part}` : `[${JSON.stringify(part)}]`,
  )
  return exportName + parts.join('')
}
