import { MAX_STEPS } from './max-steps.js'
import type { PatternVerdict } from './pattern-verdict.js'
import { type Finding, runRecheck } from './run-recheck.js'
import { tryAttack } from './try-attack.js'
import { type CountedPart, type WidenedPattern, widenCounts } from './widen-counts.js'

/**
 * Judges a regular expression with the u flag. An automaton finds whatever is repeated a limited number of times to be harmless, and
 * grows with that number: so the {@link widenCounts widened} pattern is judged first. What it finds harmless is. Where it finds
 * exponential time, texts are tried on the pattern itself; where it finds a power of the length, the counts have to be low enough.
 *
 * @param run What finds how long a pattern takes. Default: recheck.
 */
export function judgePattern(pattern: string, run: (pattern: string) => Finding = runRecheck): PatternVerdict {
  const widened = widenCounts(pattern)
  if (widened.counted.length === 0) return conclude(run(pattern))
  const finding = run(widened.pattern)
  if (finding.is === 'undecided') return nameCount(finding, widened.counted)
  const slow = findSlowPart(pattern, widened, finding, run)
  if (slow !== undefined) return slow
  if (finding.is === 'harmless') return finding
  if (finding.degree === undefined) return nameCount(conclude(run(pattern)), widened.counted)
  const { degree, isLeast, attack } = finding
  const least = isLeast && { isLeast }
  const limited: PatternVerdict = { is: 'slow', degree, ...least, attack, parts: nameLargest(widened.counted) }
  if (countSteps(widened.counted, degree) > MAX_STEPS) return limited
  const own = conclude(run(pattern))
  if (own.is === 'undecided') return own.isLate ? { ...limited, isLate: true } : limited
  return own.is === 'slow' && own.degree !== undefined
    ? { ...own, ...least, degree: Math.max(own.degree, degree) }
    : own
}

function conclude(finding: Finding): PatternVerdict {
  if (finding.is !== 'slow') return finding
  const { pumps: _, suffix: __, ...verdict } = finding
  return verdict
}

/** Says which count may be what makes a pattern too large to be judged. */
function nameCount(verdict: PatternVerdict, counted: readonly CountedPart[]): PatternVerdict {
  if (verdict.is !== 'undecided') return verdict
  const [largest = ''] = nameLargest(counted)
  return { ...verdict, reason: `${verdict.reason}, with ${JSON.stringify(largest)} in it` }
}

/** Tries what takes the widened pattern, or a widened group alone, exponential time: the innermost groups first, which say most. */
function findSlowPart(
  pattern: string,
  { counted }: WidenedPattern,
  whole: Finding,
  run: (pattern: string) => Finding,
): PatternVerdict | undefined {
  const groups = counted.filter(({ isGroup }) => isGroup)
  for (const { source, widened } of groups.toReversed()) {
    const attack = tryExponential(`^(?:${source})$`, run(`^(?:${widened})$`))
    if (attack !== undefined) return { is: 'slow', attack, parts: [source] }
  }
  const attack = tryExponential(pattern, whole)
  return attack === undefined ? undefined : { is: 'slow', attack, parts: nameLargest(counted) }
}

function tryExponential(pattern: string, finding: Finding): string | undefined {
  return finding.is === 'slow' && finding.degree === undefined ? tryAttack(pattern, finding) : undefined
}

/** How many steps there are at most for each character, if one part less than the degree says can end anywhere. */
function countSteps(counted: readonly CountedPart[], degree: number): number {
  const limits = counted.map(({ most }) => most).filter(Number.isFinite)
  const largest = limits.toSorted((a, b) => b - a).slice(0, degree - 1)
  return largest.reduce((steps, most) => steps * most, 1)
}

function nameLargest(counted: readonly CountedPart[]): readonly string[] {
  const [largest] = counted.toSorted((a, b) => b.most - a.most)
  return largest === undefined ? [] : [largest.source]
}
