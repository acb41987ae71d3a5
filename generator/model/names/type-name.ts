import { isIdentifier } from './identifier.js'
import { isReservedWord } from './reserved-words.js'

const TYPE_WORDS: ReadonlySet<string> = new Set([
  'any',
  'asserts',
  'bigint',
  'boolean',
  'infer',
  'is',
  'keyof',
  'never',
  'number',
  'object',
  'readonly',
  'string',
  'symbol',
  'unique',
  'unknown',
])

/** What keeps a name from being that of a generated type, as the end of a sentence; undefined where nothing does. */
export function findTypeNameFault(name: string): string | undefined {
  if (!isIdentifier(name)) return 'has a name that is no identifier, which the generated type would need'
  if (TYPE_WORDS.has(name) || isReservedWord(name)) return `has the name of a word of TypeScript, ${name}`
  return undefined
}
