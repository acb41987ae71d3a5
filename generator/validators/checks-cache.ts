import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionChecksCode } from './compile-checks.js'
import { digestCompiler } from './digest-compiler.js'

/**
 * Compiled checks on the disk, by the text of the schemas that they were compiled from. Reading a check takes a twentieth of
 * the time of compiling it.
 *
 * Nothing depends on it: what is missing, broken or another compiler's is compiled again, and a disk that refuses is ignored.
 */
export interface ChecksCache {
  /** Undefined where there is no whole entry for this text. */
  read(schemas: string): ConnectionChecksCode | undefined
  /** Written beside and renamed, so that nobody reads half of it, and builds at the same time do no harm to each other. */
  write(schemas: string, checks: ConnectionChecksCode): void
  /** Removes what is too much: what another compiler left, and the oldest entries where there are more than the limit. */
  sweep(): void
}

/** About 16 KB each. */
const MAX_ENTRIES = 10_000

/** How long what another compiler wrote is kept: two versions of netgen may work in one project. */
const MAX_FOREIGN_AGE_MS = 7 * 24 * 60 * 60 * 1000

const FOLDER_PREFIX = 'checks-'

/**
 * Opens the cache in a folder, which needs not be there.
 *
 * @param maxEntries How many entries a sweep leaves. Default: 10,000.
 */
export function openChecksCache(folder: string, maxEntries: number = MAX_ENTRIES): ChecksCache {
  // A folder for each compiler: entries of another are not even found.
  const own = join(folder, `${FOLDER_PREFIX}${digestCompiler()}`)
  const locate = (schemas: string): string => join(own, digest(schemas))
  return {
    read: (schemas) => attempt(() => parseEntry(readFileSync(locate(schemas), 'utf8'))),
    write: (schemas, checks) => {
      const temporary = join(own, `.${randomBytes(6).toString('hex')}.tmp`)
      attempt(() => {
        mkdirSync(own, { recursive: true })
        writeFileSync(temporary, printEntry(checks), { flag: 'wx' })
        renameSync(temporary, locate(schemas))
      })
      // Only there where it could not be renamed.
      attempt(() => rmSync(temporary, { force: true }))
    },
    sweep: () => {
      attempt(() => removeForeign(folder, own))
      attempt(() => removeOldest(own, maxEntries))
    },
  }
}

/** An entry begins with the digest of the rest, so that one that a crash or a person cut short is seen. */
function printEntry(checks: ConnectionChecksCode): string {
  const content = JSON.stringify(checks)
  return `${digest(content)}\n${content}`
}

function parseEntry(entry: string): ConnectionChecksCode | undefined {
  const end = entry.indexOf('\n')
  const content = entry.slice(end + 1)
  return entry.slice(0, end) === digest(content) ? (JSON.parse(content) as ConnectionChecksCode) : undefined
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function removeForeign(folder: string, own: string): void {
  const limitMs = Date.now() - MAX_FOREIGN_AGE_MS
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!name.startsWith(FOLDER_PREFIX) || path === own || statSync(path).mtimeMs > limitMs) continue
    rmSync(path, { recursive: true, force: true })
  }
}

function removeOldest(own: string, maxEntries: number): void {
  const names = readdirSync(own)
  if (names.length <= maxEntries) return
  const entries = names.map((name) => ({ path: join(own, name), timeMs: statSync(join(own, name)).mtimeMs }))
  entries.sort((left, right) => right.timeMs - left.timeMs)
  for (const { path } of entries.slice(maxEntries)) rmSync(path, { force: true })
}

function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
