import { join } from 'node:path'
import { listOwnFiles, readOwnFile, refuseLinkedFolders } from './inspect-output.js'
import type { OutputPlan } from './output-file.js'

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
export async function compareOutput({ folder, ownFolder, files }: OutputPlan): Promise<FileChange[]> {
  const changes: FileChange[] = []
  for (const { path: relative, text } of files) {
    const path = join(folder, relative)
    await refuseLinkedFolders(folder, path)
    const before = await readOwnFile(path)
    changes.push({ path, text, change: before === undefined ? 'created' : before === text ? 'unchanged' : 'updated' })
  }
  const wanted = new Set(changes.map(({ path }) => path))
  const own = await listOwnFiles(join(folder, ownFolder))
  const stale = own.filter((path) => !wanted.has(path))
  return [...changes, ...stale.map((path): FileChange => ({ path, change: 'removed' }))]
}
