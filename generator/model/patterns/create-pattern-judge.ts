import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readCacheEntry, removeForeign, writeCacheEntry } from '../../cache/cache-entry.js'
import type { PatternJudge, PatternVerdict } from './pattern-verdict.js'
import { readRecheckVersion, runRecheck } from './run-recheck.js'

const FOLDER_PREFIX = 'patterns-'

/** What this process has judged, which never changes. */
const known = new Map<string, PatternVerdict>()

/**
 * Creates a judge of patterns that judges each one once.
 *
 * @param cacheFolder Where verdicts are kept for other builds. Default: nowhere.
 */
export function createPatternJudge(cacheFolder?: string): PatternJudge {
  return (pattern) => {
    const before = known.get(pattern)
    if (before !== undefined) return before
    const verdict = cacheFolder === undefined ? runRecheck(pattern) : recall(pattern, cacheFolder)
    known.set(pattern, verdict)
    return verdict
  }
}

function recall(pattern: string, cacheFolder: string): PatternVerdict {
  const name = `${FOLDER_PREFIX}${readRecheckVersion()}`
  const path = join(cacheFolder, name, createHash('sha256').update(pattern).digest('base64url'))
  const entry = readCacheEntry(path)
  if (entry !== undefined) return JSON.parse(entry.toString()) as PatternVerdict
  const verdict = runRecheck(pattern)
  // A faster machine may decide it, or this one when it has less to do.
  if (verdict.is !== 'undecided') writeCacheEntry(path, JSON.stringify(verdict))
  removeForeign(cacheFolder, FOLDER_PREFIX, name)
  return verdict
}
