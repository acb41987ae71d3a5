import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// Nothing depends on a cache: a disk that refuses is ignored, and what is missing or broken is made again.

/** Reads an entry of a cache. Undefined where it is missing or not whole. */
export function readCacheEntry(path: string): Buffer | undefined {
  return attempt(() => {
    const entry = readFileSync(path)
    const content = entry.subarray(DIGEST_BYTES)
    return entry.subarray(0, DIGEST_BYTES).equals(digest(content)) ? content : undefined
  })
}

/**
 * Writes an entry beside its place and renames it, so that nobody reads half of it, and builds at the same time do no harm to
 * each other. It begins with the digest of its content, so that one that a crash or a person cut short is seen.
 */
export function writeCacheEntry(path: string, content: string | Buffer): void {
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`)
  attempt(() => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, Buffer.concat([digest(content), Buffer.from(content)]), { flag: 'wx' })
    renameSync(temporary, path)
  })
  // Only there where it could not be renamed.
  attempt(() => rmSync(temporary, { force: true }))
}

/**
 * Removes what stands in a cache folder under names of the same beginning, and that nobody wrote for a week: two versions of
 * netgen, or of Node, may work in one project.
 */
export function removeForeign(folder: string, prefix: string, own: string): void {
  attempt(() => {
    const limitMs = Date.now() - MAX_FOREIGN_AGE_MS
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      if (!name.startsWith(prefix) || name === own || statSync(path).mtimeMs > limitMs) continue
      rmSync(path, { recursive: true, force: true })
    }
  })
}

/** Does something of which nothing depends. Answers undefined where it throws. */
export function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

const DIGEST_BYTES = 32

const MAX_FOREIGN_AGE_MS = 7 * 24 * 60 * 60 * 1000

function digest(content: string | Buffer): Buffer {
  return createHash('sha256').update(content).digest()
}
