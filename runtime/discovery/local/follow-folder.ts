import type { PeersFolder } from './peers-folder.js'

/**
 * After how many checks the whole folder is read again if it has changed, though the system told of changes: it may have lost some. At
 * 150 ms each that is 4.8 s.
 */
const CHECKS_PER_READING = 32

/** A folder that is followed. */
export interface FollowedFolder {
  /** Tells of what the system has not told, which not every file system does: to be called again and again. Rejects where it cannot be read. */
  check(): Promise<void>
  end(): void
}

/**
 * Follows a folder. The listener gets the name of a file that has come or gone, as soon as the system says so; and nothing where the
 * whole folder has to be read, for it has changed in a way that the system did not tell.
 */
export function followFolder(
  folder: Pick<PeersFolder, 'watch' | 'readVersion'>,
  onChange: (name: string | undefined) => void,
): FollowedFolder {
  let isTold = false
  let version: number | undefined
  /** Of the folder when it was read as a whole. */
  let readVersion: number | undefined
  let checks = 0
  const end = folder.watch((name) => {
    isTold = true
    onChange(name)
  })
  const check = async (): Promise<void> => {
    const now = await folder.readVersion()
    const isMissed = now !== version && !isTold
    version = now
    isTold = false
    const isDue = checks++ % CHECKS_PER_READING === 0 && now !== readVersion
    if (!isMissed && !isDue) return
    readVersion = now
    onChange(undefined)
  }
  return { check, end }
}
