import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { attempt, readCacheEntry, removeForeign, writeCacheEntry } from '../cache/cache-entry.js'
import { OWN_FOLDER } from '../own-folder.js'
import type { ModuleOutline } from '../source/outline.js'

/** Outlines of source files on the disk, each by the text that it was read from. */
export interface SourceCache {
  /** Undefined where there is none of this text. */
  read(file: string, text: string): ModuleOutline | undefined
  write(file: string, text: string, outline: ModuleOutline): void
}

/**
 * Opens the cache in a folder.
 *
 * @param folder `undefined`: nothing is kept.
 */
export function openSourceCache(folder: string | undefined): SourceCache {
  const program = folder === undefined ? undefined : digestProgram()
  if (folder === undefined || program === undefined) return { read: () => undefined, write: () => undefined }
  const name = (file: string): string => `${ENTRY_PREFIX}${digest(`${program} ${file}`)}`
  return {
    read: (file, text) => {
      const entry = readCacheEntry(join(folder, name(file)))
      const kept = entry && attempt(() => deserialize(entry) as Entry)
      return kept?.text === digest(text) ? kept.outline : undefined
    },
    write: (file, text, outline) => {
      const entry: Entry = { text: digest(text), outline }
      writeCacheEntry(join(folder, name(file)), serialize(entry))
      removeForeign(folder, ENTRY_PREFIX, name(file))
    },
  }
}

interface Entry {
  /** The digest of the text. */
  readonly text: string
  readonly outline: ModuleOutline
}

const ENTRY_PREFIX = 'source-'

/** Two netgens that read source alike have the same bundled program. Undefined where it is not bundled: in the sources. */
function digestProgram(): string | undefined {
  return attempt(() => digest(readFileSync(new URL('load/source-thread.js', OWN_FOLDER), 'utf8')))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
