import type { JsonSchema } from '../json.js'
import { enterPart, type Position } from '../position.js'
import type { TypeReader } from '../type-reader.js'
import { MAX_STEPS } from './max-steps.js'
import type { PatternVerdict } from './pattern-verdict.js'

/** Hardly any text is shorter. */
const MIN_OFFERED_LENGTH = 5

/** Attacks that share a text among many parts name each of them. */
const MAX_SHOWN_ATTACK = 80

/** Patterns of netgen's codecs and of TypeBox's numbers, which many schemas have: for them alone no judge is loaded. */
const HARMLESS: ReadonlySet<string> = new Set([
  '^(?:0|-?[1-9][0-9]*)$',
  '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
  '^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?$',
  '^-?(?:0|[1-9][0-9]*)$',
  '^(0|[1-9][0-9]*)$',
])

/**
 * Reports the patterns of one JSON Schema, of its texts and of the names of its properties, that take too long for some texts.
 * Answers whether there was none.
 */
export function passPatterns(
  { pattern, maxLength, patternProperties }: JsonSchema,
  position: Position,
  reader: TypeReader,
): boolean {
  const names = Object.keys(patternProperties ?? {})
  // A name may be as long as a message.
  const reported = names.filter((name) => {
    return reportSlow(name, undefined, enterPart(position, 'patternProperties', name), reader)
  })
  const longest = typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY
  const isSlow = typeof pattern === 'string' && reportSlow(pattern, longest, enterPart(position, 'pattern'), reader)
  return !isSlow && reported.length === 0
}

/** @param longest How long the texts are at most; `undefined` where the schema cannot say so. */
function reportSlow(pattern: string, longest: number | undefined, position: Position, reader: TypeReader): boolean {
  const verdict: PatternVerdict = HARMLESS.has(pattern) ? { is: 'harmless' } : reader.judgePattern(pattern)
  if (verdict.is === 'harmless') return false
  const shown = `is ${JSON.stringify(pattern)}, which`
  if (verdict.is === 'undecided') {
    const finding = `${shown} cannot be shown to be harmless: ${verdict.reason}`
    reader.report('NG3020', position, finding, 'write it more simply, or check the text in the handler')
    return true
  }
  const { degree, isLeast, parts, attack } = verdict
  const limit = degree === undefined || isLeast ? 0 : findLongest(degree)
  if (longest !== undefined && longest <= limit) return false
  const places = parts.length === 0 ? '' : ` in ${parts.map((part) => JSON.stringify(part)).join(' and ')}`
  const canLimit = longest !== undefined && limit >= MIN_OFFERED_LENGTH
  reader.report(
    'NG3020',
    position,
    `${shown} takes ${isLeast ? 'at least ' : ''}${nameTime(degree)}${places} for texts such as ${shorten(attack)}`,
    `${canLimit ? `add maxLength: ${limit}, or ` : ''}write it so that each text can match in one way alone`,
  )
  return true
}

/** How long a text may be of which a pattern takes no more than {@link MAX_STEPS} for each character. */
function findLongest(degree: number): number {
  let longest = 1
  while ((longest + 1) ** (degree - 1) <= MAX_STEPS) longest++
  return longest
}

function shorten(attack: string): string {
  const characters = [...attack]
  return characters.length <= MAX_SHOWN_ATTACK ? attack : `${characters.slice(0, MAX_SHOWN_ATTACK).join('')} …`
}

function nameTime(degree: number | undefined): string {
  if (degree === undefined) return 'exponential time'
  if (degree === 2) return 'quadratic time'
  return degree === 3 ? 'cubic time' : `time that grows with the length to the power of ${degree}`
}
