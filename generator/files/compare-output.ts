import { join } from 'node:path'
import { isOwnFile, listOwnFiles, readOwnFile, refuseLinkedFolders } from './inspect-output.js'
import type { OutputPlan } from './output-file.js'
import type { OutputMemory } from './output-memory.js'

/** What has to be done to one file. */
export interface FileChange {
  /** Absolute. */
  readonly path: string
  readonly change: 'created' | 'updated' | 'unchanged' | 'removed'
  /** Absent where the file has to go. */
  readonly text?: string
  /** Only editors read it. */
  readonly isHint: boolean
}

/**
 * Compares what is there with what should be, by content. Writes nothing.
 *
 * Throws a FileProblem where a file that netgen did not write, or a link, is in the way.
 */
export function compareOutput(plan: OutputPlan, memory: OutputMemory): FileChange[] {
  const { folder, ownFolder, mainFiles, files } = plan
  const wanted = files.map(({ path, text, isHint = false }) => ({ path: join(folder, path), text, isHint }))
  const paths = wanted.map(({ path }) => path)
  refuseLinkedFolders(folder, paths)
  const changes = wanted.map((file): FileChange => {
    const { path, text } = file
    if (memory.holds(path, text)) return { ...file, change: 'unchanged' }
    const before = readOwnFile(path)
    if (before === text) memory.note(path, text)
    return { ...file, change: before === undefined ? 'created' : before === text ? 'unchanged' : 'updated' }
  })
  const beside = mainFiles.map((path) => join(folder, path)).filter((path) => !paths.includes(path) && isOwnFile(path))
  const stale = [...beside, ...listOwnFiles(join(folder, ownFolder), new Set(paths))]
  return [...changes, ...stale.map((path): FileChange => ({ path, isHint: false, change: 'removed' }))]
}
