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
 * @param cacheFolder Where verdicts are kept for other builds, but for those that a busy machine had no time for. Default: nowhere.
 */
export function createPatternJudge(cacheFolder?: string, judge: PatternJudge = judgePattern): PatternJudge {
  return (pattern) => {
    const before = known.get(pattern)
    if (before !== undefined) return before
    const verdict = cacheFolder === undefined ? judge(pattern) : recall(pattern, cacheFolder, judge)
    known.set(pattern, verdict)
    return verdict
  }
}

function recall(pattern: string, cacheFolder: string, judge: PatternJudge): PatternVerdict {
  const name = `${FOLDER_PREFIX}${readRecheckVersion()}-${RULES}`
  const path = join(cacheFolder, name, createHash('sha256').update(pattern).digest('base64url'))
  const entry = readCacheEntry(path)
  if (entry !== undefined) return JSON.parse(entry.toString()) as PatternVerdict
  const verdict = judge(pattern)
  if (verdict.is !== 'harmless' && verdict.isLate) return verdict
  writeCacheEntry(path, JSON.stringify(verdict))
  removeForeign(cacheFolder, FOLDER_PREFIX, name)
  return verdict
}
