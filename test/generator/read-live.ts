import { packExports } from '../../generator/load/child/pack-exports.js'
import type { LoadedSchema } from '../../generator/load/loaded-schema.js'
import { createExportMemory } from '../../generator/load/unpack-exports.js'
import type { SourceIndex } from '../../generator/source/source-index.js'

/** Reads live exports as the child process sends them, and its parent takes them. */
export function readLive(exports: Readonly<Record<string, unknown>>): LoadedSchema {
  const answer = packExports(exports, new Map())
  if (answer.outcome !== 'read') throw new Error(`not read: ${answer.outcome}`)
  return { exports: createExportMemory().unpack(answer.exports) }
}

/** A source index that knows one place and no comments. */
export const BLIND_INDEX: SourceIndex = {
  exportNames: [],
  find: () => ({ place: { file: '/project/schema.ts', line: 1, column: 1 } }),
  isEnum: () => false,
  record: (act) => ({ result: act(), uses: new Map() }),
  areCurrent: () => true,
}
