import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readCacheEntry, removeForeign, writeCacheEntry } from '../../cache/cache-entry.js'
import { judgePattern } from './judge-pattern.js'
import type { PatternJudge, PatternVerdict } from './pattern-verdict.js'
import { readRecheckVersion } from './run-recheck.js'

const FOLDER_PREFIX = 'patterns-'

/** Another number for each change of the rules and of their bounds, after which a pattern may be judged otherwise. */
const RULES = 3

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
    const verdict = cacheFolder === undefined ? judgePattern(pattern) : recall(pattern, cacheFolder)
    known.set(pattern, verdict)
    return verdict
  }
}

function recall(pattern: string, cacheFolder: string): PatternVerdict {
  const name = `${FOLDER_PREFIX}${readRecheckVersion()}-${RULES}`
  const path = join(cacheFolder, name, createHash('sha256').update(pattern).digest('base64url'))
  const entry = readCacheEntry(path)
  if (entry !== undefined) return JSON.parse(entry.toString()) as PatternVerdict
  const verdict = judgePattern(pattern)
  writeCacheEntry(path, JSON.stringify(verdict))
  removeForeign(cacheFolder, FOLDER_PREFIX, name)
  return verdict
}
