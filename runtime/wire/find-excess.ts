import { countUpTo, isDeeper, mayBeDeeper } from './is-deeper.js'
import { MAX_SHALLOW_LENGTH } from './is-shallow.js'
import { MAX_DEPTH, MAX_STRUCTURE } from './limits.js'
import { type Excess, surveyJson } from './survey-json.js'

/** How long a text may be whose structure is not counted, in UTF-16 units: none so short takes long. */
export const MAX_UNCOUNTED_LENGTH: number = MAX_SHALLOW_LENGTH

/** What is wrong with a text of more than `MAX_STRUCTURE`, wherever it is found. */
export const STRUCTURE_PROBLEM: string = `its different keys, shapes of objects and nested values count more than ${MAX_STRUCTURE}`

/** Whether a JSON text passes `MAX_STRUCTURE`. */
export function isExcessStructure(text: string): boolean {
  return text.length > MAX_UNCOUNTED_LENGTH && findExcess(text, MAX_DEPTH, MAX_STRUCTURE) === 'structure'
}

/**
 * Which limit a JSON text passes, or undefined: found in the text, before anything is built of it. Of a text that is no JSON the answer
 * means nothing.
 *
 * Structure is counted in texts of more than 256 Ki UTF-16 units only, since shorter ones hold none that takes long: `surveyJson` says
 * what counts. Those are gone through for their levels anyway.
 *
 * @param maxStructure Default: no limit.
 */
export function findExcess(text: string, maxLevels: number, maxStructure?: number): Excess | undefined {
  if (text.length <= MAX_UNCOUNTED_LENGTH) return isDeeper(text, maxLevels) ? 'depth' : undefined
  const isFlat = !mayBeDeeper(text, maxLevels)
  return isFlat && !mayHaveKeys(text, maxStructure) ? undefined : surveyJson(text, maxLevels, maxStructure)
}

/** Whether a text of few objects may have more keys than that: a long text, or a list of numbers, is not gone through for it. */
function mayHaveKeys(text: string, maxKeys: number | undefined): boolean {
  return maxKeys !== undefined && countUpTo(text, ':', maxKeys / 2) > maxKeys / 2
}
