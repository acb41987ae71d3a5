import { createContext, Script } from 'node:vm'

/** A text that grows: `prefix`, `pump` as often as one likes, and so on for each, and `suffix` at the end. */
export interface Attack {
  readonly pumps: readonly { readonly prefix: string; readonly pump: string }[]
  readonly suffix: string
}

/** Where time is exponential a few characters more take seconds, so that machines differ about few patterns. */
const MAX_TRIAL_MS = 50

/** A machine that was busy for a moment is asked again. */
const TRIALS = 3

const LENGTHS = [4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 256, 512]

/**
 * Tries texts that grow on a pattern with the u flag, as JavaScript does: answers the first, as an expression of JavaScript, that
 * takes it longer than {@link MAX_TRIAL_MS}, and `undefined` where none of 512 repetitions or less does.
 */
export function tryAttack(pattern: string, { pumps, suffix }: Attack): string | undefined {
  const length = LENGTHS.find((times) => {
    const text = `${pumps.map(({ prefix, pump }) => `${prefix}${pump.repeat(times)}`).join('')}${suffix}`
    return Array.from({ length: TRIALS }).every(() => isSlow(pattern, text))
  })
  if (length === undefined) return undefined
  const quote = (text: string): string => JSON.stringify(text)
  const parts = pumps.map(
    ({ prefix, pump }) => `${prefix === '' ? '' : `${quote(prefix)} + `}${quote(pump)}.repeat(${length})`,
  )
  return [...parts, ...(suffix === '' ? [] : [quote(suffix)])].join(' + ')
}

function isSlow(pattern: string, text: string): boolean {
  const script = new Script('new RegExp(pattern, "u").test(text)')
  try {
    script.runInContext(createContext({ pattern, text }), { timeout: MAX_TRIAL_MS })
    return false
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return true
    throw error
  }
}
