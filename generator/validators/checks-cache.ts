import { createHash } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, readCacheEntry, removeForeign, writeCacheEntry } from '../cache/cache-entry.js'
import type { ChecksCode } from './compile-checks.js'
import { digestCompiler } from './digest-compiler.js'

/**
 * Compiled checks on the disk, by the text of the schemas that they were compiled from. Reading a check takes a twentieth of
 * the time of compiling it.
 *
 * Nothing depends on it: what is missing, broken or another compiler's is compiled again, and a disk that refuses is ignored.
 */
export interface ChecksCache {
  /** Undefined where there is no whole entry for this text. */
  read(schemas: string): ChecksCode | undefined
  write(schemas: string, checks: ChecksCode): void
  /** Removes what is too much: what another compiler left, and the oldest entries where there are more than the limit. */
  sweep(): void
}

/** About 16 KB each. */
const MAX_ENTRIES = 10_000

const FOLDER_PREFIX = 'checks-'

/**
 * Opens the cache in a folder, which needs not be there.
 *
 * @param maxEntries How many entries a sweep leaves. Default: 10,000.
 */
export function openChecksCache(folder: string, maxEntries: number = MAX_ENTRIES): ChecksCache {
  // A folder for each compiler: entries of another are not even found.
  const name = `${FOLDER_PREFIX}${digestCompiler()}`
  const own = join(folder, name)
  const locate = (schemas: string): string => join(own, createHash('sha256').update(schemas).digest('base64url'))
  return {
    read: (schemas) => {
      const entry = readCacheEntry(locate(schemas))
      return entry && (JSON.parse(entry.toString()) as ChecksCode)
    },
    write: (schemas, checks) => writeCacheEntry(locate(schemas), JSON.stringify(checks)),
    sweep: () => {
      removeForeign(folder, FOLDER_PREFIX, name)
      attempt(() => removeOldest(own, maxEntries))
    },
  }
}

function removeOldest(own: string, maxEntries: number): void {
  const names = readdirSync(own)
  if (names.length <= maxEntries) return
  const entries = names.map((name) => ({ path: join(own, name), timeMs: statSync(join(own, name)).mtimeMs }))
  entries.sort((left, right) => right.timeMs - left.timeMs)
  for (const { path } of entries.slice(maxEntries)) rmSync(path, { force: true })
}
