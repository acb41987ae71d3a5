import type { LoadedDeclaration, SchemaNode } from '../load/loaded-schema.js'
import type { SourceIndex, SourceUses } from '../source/source-index.js'
import type { Position } from './position.js'

/** The declarations of a schema file, and the values in them, as they were last read. */
export interface ReadingMemory {
  /**
   * Begins a build.
   *
   * @param exports The exported schemas: where one of them changed, nothing is recalled.
   * @param countEffects How often something was reported or defined so far: what a reading does besides is not remembered.
   */
  begin(exports: ReadonlyMap<string, SchemaNode>, index: SourceIndex, countEffects: () => number): Recall
}

/**
 * Recalls what a schema or a declaration at a place was read as, or reads it, where it or anything that its source leads to
 * changed. There is one kind of reading for each place.
 */
export type Recall = <Reading extends object>(
  node: SchemaNode | LoadedDeclaration,
  position: Pick<Position, 'exportName' | 'path'>,
  read: () => Reading | undefined,
) => Reading | undefined

interface KnownReading {
  readonly node: SchemaNode | LoadedDeclaration
  readonly reading: object
  readonly uses: SourceUses
}

/** Creates a memory of nothing. It holds what the last build read, and nothing older. */
export function createReadingMemory(): ReadingMemory {
  let lastExports: ReadonlyMap<string, SchemaNode> = new Map()
  let last = new Map<string, KnownReading>()
  return {
    begin(exports, index, countEffects) {
      const before: ReadonlyMap<string, KnownReading> = areSame(lastExports, exports) ? last : new Map()
      const current = new Map<string, KnownReading>()
      lastExports = exports
      last = current
      return <Reading extends object>(
        node: SchemaNode | LoadedDeclaration,
        { exportName, path }: Pick<Position, 'exportName' | 'path'>,
        read: () => Reading | undefined,
      ) => {
        const key = [exportName, ...path].join('\0')
        const known = before.get(key)
        if (known?.node === node && index.areCurrent(known.uses)) {
          current.set(key, known)
          return known.reading as Reading
        }
        const effectsBefore = countEffects()
        const { result, uses } = index.record(read)
        if (result !== undefined && countEffects() === effectsBefore) current.set(key, { node, reading: result, uses })
        return result
      }
    },
  }
}

function areSame(left: ReadonlyMap<string, SchemaNode>, right: ReadonlyMap<string, SchemaNode>): boolean {
  const others = [...right]
  return (
    left.size === right.size &&
    [...left].every(([name, node], index) => others[index]?.[0] === name && others[index]?.[1] === node)
  )
}
