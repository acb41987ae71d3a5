import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Follows files by the folders that they stand in: so it sees files that are replaced, and files that come back. */
export interface FolderWatcher {
  /**
   * Follows these files from now on, and no others. Where a folder is gone, it follows the nearest one above that is there.
   *
   * @returns Those of the files whose folder was not followed before.
   */
  follow(files: readonly string[]): readonly string[]
  close(): void
}

/** What the watcher holds of a folder. A folder that was removed and made again is another one, and its old watcher is deaf. */
interface Watched {
  readonly inode: number
  readonly watcher: FSWatcher
}

/**
 * Creates a watcher that follows nothing yet.
 *
 * @param onChange Called with the absolute path that changed; with that of a folder where anything in it may have.
 */
export function createFolderWatcher(onChange: (path: string) => void): FolderWatcher {
  const folders = new Map<string, Watched>()

  function open(folder: string, inode: number): void {
    const watcher = watch(folder, (_event, name) => {
      if (name !== null) onChange(join(folder, name))
      // Some systems do not name the file, and a folder that is moved away is named as if it stood in itself.
      if (name === null || name === basename(folder)) onChange(folder)
    })
    watcher.on('error', () => {
      close(folder)
      onChange(folder)
    })
    folders.set(folder, { inode, watcher })
  }

  function close(folder: string): void {
    folders.get(folder)?.watcher.close()
    folders.delete(folder)
  }

  function follow(files: readonly string[]): readonly string[] {
    const wanted = new Map(files.map((file) => [file, findFolder(dirname(file))]))
    const paths = new Set([...wanted.values()].map(({ path }) => path))
    for (const folder of [...folders.keys()]) if (!paths.has(folder)) close(folder)
    const opened = new Set<string>()
    for (const { path, inode } of wanted.values()) {
      if (folders.get(path)?.inode === inode) continue
      close(path)
      open(path, inode)
      opened.add(path)
    }
    return files.filter((file) => opened.has(wanted.get(file)?.path ?? ''))
  }

  return {
    follow,
    close: () => {
      for (const folder of [...folders.keys()]) close(folder)
    },
  }
}

function findFolder(path: string): { readonly path: string; readonly inode: number } {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return { path, inode: stats.ino }
  const above = dirname(path)
  // The root is always there.
  return above === path ? { path, inode: 0 } : findFolder(above)
}
