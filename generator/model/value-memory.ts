import type { SchemaNode } from '../load/loaded-schema.js'
import type { SourceIndex, SourceUses } from '../source/source-index.js'
import type { ValueModel } from './model.js'
import type { Position } from './position.js'

/** The values of a schema file's declarations as they were last read. */
export interface ValueMemory {
  /**
   * Begins a build.
   *
   * @param exports The exported schemas: where one of them changed, nothing is recalled.
   * @param countEffects How often something was reported or defined so far: what a reading does besides is not remembered.
   */
  begin(exports: ReadonlyMap<string, SchemaNode>, index: SourceIndex, countEffects: () => number): RecallValue
}

/** Recalls what a schema at a place was read as, or reads it, where the schema or anything that its source leads to changed. */
export type RecallValue = (
  node: SchemaNode,
  position: Position,
  read: () => ValueModel | undefined,
) => ValueModel | undefined

interface KnownValue {
  readonly node: SchemaNode
  readonly value: ValueModel
  readonly uses: SourceUses
}

/** Creates a memory of nothing. It holds the values of the last build, and no older ones. */
export function createValueMemory(): ValueMemory {
  let lastExports: ReadonlyMap<string, SchemaNode> = new Map()
  let last = new Map<string, KnownValue>()
  return {
    begin(exports, index, countEffects) {
      const before: ReadonlyMap<string, KnownValue> = areSame(lastExports, exports) ? last : new Map()
      const current = new Map<string, KnownValue>()
      lastExports = exports
      last = current
      return (node, { exportName, path }, read) => {
        const key = [exportName, ...path].join('\0')
        const known = before.get(key)
        if (known?.node === node && index.areCurrent(known.uses)) {
          current.set(key, known)
          return known.value
        }
        const effectsBefore = countEffects()
        const { result, uses } = index.record(read)
        if (result !== undefined && countEffects() === effectsBefore) current.set(key, { node, value: result, uses })
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
