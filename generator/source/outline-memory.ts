import type { DeclarationOutline } from './outline.js'
import type { Unpack } from './source-module.js'

/** The declarations of the source of a schema file, as they were last read. */
export interface OutlineMemory {
  /** Begins a build. A declaration whose text is known from the last one keeps its object. */
  begin(): Unpack
}

/** Creates a memory of nothing. */
export function createOutlineMemory(): OutlineMemory {
  let last: ReadonlyMap<string, DeclarationOutline> = new Map()
  return {
    begin() {
      const before = last
      const current = new Map<string, DeclarationOutline>()
      last = current
      return (text) => {
        const outline = current.get(text) ?? before.get(text) ?? (JSON.parse(text) as DeclarationOutline)
        current.set(text, outline)
        return outline
      }
    },
  }
}
