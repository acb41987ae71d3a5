import { lstatSync } from 'node:fs'

/** What output files were seen to hold, so that a file that nobody touched is not read again. */
export interface OutputMemory {
  /** Whether the file was last seen with this text, and is as it was then. */
  holds(path: string, text: string): boolean
  /** Notes that the file holds this text now. */
  note(path: string, text: string): void
}

/** Creates a memory of nothing. A file counts as touched when its size, times or place on the disk differ. */
export function createOutputMemory(): OutputMemory {
  const files = new Map<string, { readonly text: string; readonly stamp: string | undefined }>()
  return {
    holds: (path, text) => {
      const known = files.get(path)
      return known?.stamp !== undefined && known.text === text && known.stamp === readStamp(path)
    },
    note: (path, text) => void files.set(path, { text, stamp: readStamp(path) }),
  }
}

function readStamp(path: string): string | undefined {
  const status = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return status?.isFile() ? `${status.ino} ${status.size} ${status.mtimeNs} ${status.ctimeNs}` : undefined
}
