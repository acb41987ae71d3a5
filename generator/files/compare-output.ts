import { join } from 'node:path'
import { listOwnFiles, readOwnFile, refuseLinkedFolders } from './inspect-output.js'
import type { OutputPlan } from './output-file.js'
import type { OutputMemory } from './output-memory.js'

/** What has to be done to one file. */
export interface FileChange {
  /** Absolute. */
  readonly path: string
  readonly change: 'created' | 'updated' | 'unchanged' | 'removed'
  /** Absent where the file has to go. */
  readonly text?: string
}

/**
 * Compares what is there with what should be, by content. Writes nothing.
 *
 * Throws a FileProblem where a file that netgen did not write, or a link, is in the way.
 */
export function compareOutput({ folder, ownFolder, files }: OutputPlan, memory: OutputMemory): FileChange[] {
  const wanted = files.map(({ path, text }) => ({ path: join(folder, path), text }))
  const paths = wanted.map(({ path }) => path)
  refuseLinkedFolders(folder, paths)
  const changes = wanted.map(({ path, text }): FileChange => {
    if (memory.holds(path, text)) return { path, text, change: 'unchanged' }
    const before = readOwnFile(path)
    if (before === text) memory.note(path, text)
    return { path, text, change: before === undefined ? 'created' : before === text ? 'unchanged' : 'updated' }
  })
  const stale = listOwnFiles(join(folder, ownFolder), new Set(paths))
  return [...changes, ...stale.map((path): FileChange => ({ path, change: 'removed' }))]
}
