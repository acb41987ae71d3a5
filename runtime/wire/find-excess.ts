import { hasMoreStructure } from './has-more-structure.js'
import { countUpTo, isDeeper, mayBeDeeper } from './is-deeper.js'
import { MAX_DEPTH, MAX_STRUCTURE } from './limits.js'

/** How long a text may be whose structure is not counted, in UTF-16 units: none so short takes long. */
export const MAX_UNCOUNTED_LENGTH: number = 256 * 1024

/** What is wrong with a text of more than `MAX_STRUCTURE`, wherever it is found. */
export const STRUCTURE_PROBLEM: string = `its different keys, shapes of objects and nested values count more than ${MAX_STRUCTURE}`

/** Which limit a text passes. */
export type Excess = 'depth' | 'structure'

/** Whether a JSON text passes `MAX_STRUCTURE`, which has no more than `MAX_DEPTH` levels. */
export function isExcessStructure(text: string): boolean {
  return text.length > MAX_UNCOUNTED_LENGTH && findExcess(text, MAX_DEPTH, MAX_STRUCTURE) === 'structure'
}

/**
 * Which limit a JSON text passes, or undefined: found in the text, before anything is built of it. Of a text that is no JSON the answer
 * means nothing.
 *
 * Structure is counted in texts of more than 256 Ki UTF-16 units only, since shorter ones hold none that takes long.
 *
 * @param maxStructure Default: no limit.
 */
export function findExcess(text: string, maxLevels: number, maxStructure?: number): Excess | undefined {
  if (isDeeper(text, maxLevels)) return 'depth'
  const isCounted = maxStructure !== undefined && text.length > MAX_UNCOUNTED_LENGTH
  if (!isCounted || !mayHaveMuch(text, maxLevels, maxStructure)) return undefined
  return hasMoreStructure(text, maxLevels, maxStructure) ? 'structure' : undefined
}

/** Whether a text may have much structure, since it has many brackets or colons: one long string, or a list of numbers, has not. */
function mayHaveMuch(text: string, maxLevels: number, maxStructure: number): boolean {
  return mayBeDeeper(text, maxLevels) || countUpTo(text, ':', maxStructure / 2) > maxStructure / 2
}
