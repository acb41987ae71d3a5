import { createRequire } from 'node:module'
import type { PatternVerdict } from './pattern-verdict.js'
import type { Attack } from './try-attack.js'

/** A verdict with the texts that it is about. */
export type Finding =
  | Exclude<PatternVerdict, { readonly is: 'slow' }>
  | (Extract<PatternVerdict, { readonly is: 'slow' }> & Attack)

/** What is used of the package. */
interface Recheck {
  checkSync(source: string, flags: string, parameters: typeof PARAMETERS): Diagnostics
}

type Diagnostics =
  | { readonly status: 'safe' }
  | {
      readonly status: 'vulnerable'
      readonly checker: 'automaton' | 'fuzz'
      readonly complexity: { readonly type: 'exponential' } | { readonly type: 'polynomial'; readonly degree: number }
      readonly attack: Attack & { readonly pattern: string }
      readonly hotspot: readonly Hotspot[]
    }
  | { readonly status: 'unknown'; readonly error: { readonly kind: string; readonly message?: string } }

/** A part of a pattern, from one UTF-16 unit to before another one. */
interface Hotspot {
  readonly start: number
  readonly end: number
  readonly temperature: 'normal' | 'heat'
}

/** Everyday patterns take 30 ms, the slowest that were seen 3 s, and ten times as much where a machine has too much to do. */
const MAX_JUDGING_MS = 20_000

/** How many characters are read at most for one text that is tried. Ten times as many, the default, judge the patterns of the tests alike. */
const MAX_TRIED_STEPS = 150_000_000

/**
 * Everything but the whole is bounded by steps instead of time, so that a machine that is slow or busy judges as others do. The time
 * for the whole only ends what would hold up a build.
 */
const PARAMETERS = {
  timeout: MAX_JUDGING_MS,
  attackLimit: MAX_TRIED_STEPS,
  attackTimeout: null,
  incubationTimeout: null,
  seedingTimeout: null,
} as const

/** Which of the ways in which recheck can run is taken by its `checkSync`. The others start Java, threads or programs. */
const BACKEND_VARIABLE = 'RECHECK_SYNC_BACKEND'

// It takes 200 ms to load, which a schema without patterns does not wait for.
const require = createRequire(import.meta.url)

/** The version of recheck, which may judge otherwise than another one. */
export function readRecheckVersion(): string {
  return (require('recheck/package.json') as { readonly version: string }).version
}

/**
 * Has recheck judge a pattern: by its automaton where it has one of a bearable size, and else by texts that it tries, as it does for
 * lookarounds and backreferences. Only the automaton proves anything: of counts it knows no cost, only that they end.
 */
export function runRecheck(pattern: string): Finding {
  const { checkSync } = require('recheck') as Recheck
  const before = process.env[BACKEND_VARIABLE]
  process.env[BACKEND_VARIABLE] = 'pure'
  try {
    return readDiagnostics(pattern, checkSync(pattern, 'u', PARAMETERS))
  } finally {
    if (before === undefined) delete process.env[BACKEND_VARIABLE]
    else process.env[BACKEND_VARIABLE] = before
  }
}

function readDiagnostics(pattern: string, found: Diagnostics): Finding {
  if (found.status === 'safe') return { is: 'harmless' }
  if (found.status === 'unknown') {
    const { kind, message } = found.error
    if (kind === 'timeout')
      return { is: 'undecided', reason: `that took longer than ${MAX_JUDGING_MS / 1_000} s`, isLate: true }
    return { is: 'undecided', reason: message ?? kind }
  }
  const hot = found.hotspot.filter(({ temperature }) => temperature === 'heat')
  return {
    is: 'slow',
    ...('degree' in found.complexity && { degree: found.complexity.degree }),
    ...('degree' in found.complexity && found.checker === 'fuzz' && { isLeast: true }),
    attack: found.attack.pattern,
    pumps: found.attack.pumps.map(({ prefix, pump }) => ({ prefix, pump })),
    suffix: found.attack.suffix,
    parts: [...new Set(hot.map(({ start, end }) => pattern.slice(start, end)))],
  }
}
