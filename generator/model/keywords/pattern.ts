import type { LoadedValue } from '../../load/loaded-schema.js'
import { isForeign } from '../loaded-value.js'
import { describeValue } from '../plain-value.js'
import type { KeywordRule } from './keyword-rule.js'

/** A regular expression, as text or as a RegExp. Its only flag is `u`, given or not. */
export const takePattern: KeywordRule = (value, position, reporter) => {
  const pattern = readPattern(value)
  if (pattern === undefined) {
    reporter.report(
      'NG3010',
      position,
      `is ${describeValue(value)}, not a regular expression`,
      'write its source as a string',
    )
    return undefined
  }
  if (pattern.flags !== '' && pattern.flags !== 'u') {
    reporter.report(
      'NG3010',
      position,
      `is a RegExp with the flags ${JSON.stringify(pattern.flags)}, which JSON Schema does not have`,
      'write it without flags: [aA] for i, [^] for a dot with s',
    )
    return undefined
  }
  if (/\p{Surrogate}/u.test(pattern.source)) {
    const finding = `is ${JSON.stringify(pattern.source)}, which holds half a character: a lone surrogate`
    reporter.report('NG3010', position, finding, 'write whole characters, or \\p{Surrogate} for any half')
    return undefined
  }
  const complaint = findComplaint(pattern.source)
  if (complaint === undefined) return pattern.source
  reporter.report(
    'NG3010',
    position,
    `is ${JSON.stringify(pattern.source)}, which is no regular expression under the u flag: ${complaint}`,
    'under u, escape only what is special, and close what is opened',
  )
  return undefined
}

function readPattern(value: LoadedValue): { source: string; flags: string } | undefined {
  if (typeof value === 'string') return { source: value, flags: '' }
  if (!isForeign(value) || value.type !== 'regexp') return undefined
  const end = value.text.lastIndexOf('/')
  return { source: value.text.slice(1, end), flags: value.text.slice(end + 1) }
}

/** What JavaScript says against a pattern, without repeating it. */
function findComplaint(source: string): string | undefined {
  try {
    new RegExp(source, 'u')
    return undefined
  } catch (error) {
    return (error as SyntaxError).message.split(': ').at(-1)?.toLowerCase()
  }
}
