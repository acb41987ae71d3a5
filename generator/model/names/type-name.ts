import { isIdentifier } from './identifier.js'
import { isReservedWord } from './reserved-words.js'

const TYPE_WORDS: ReadonlySet<string> = new Set([
  'any',
  'as',
  'asserts',
  'bigint',
  'boolean',
  'infer',
  'intrinsic',
  'is',
  'keyof',
  'never',
  'number',
  'object',
  'readonly',
  'string',
  'symbol',
  'undefined',
  'unique',
  'unknown',
])

/** As keys of an object of JSON Schemas, these mean something else: a prototype, and the id of the whole. */
const TAKEN_KEYS: ReadonlySet<string> = new Set(['__proto__', '$id'])

/** What keeps a name from being that of a generated type, as the end of a sentence; undefined where nothing does. */
export function findTypeNameFault(name: string): string | undefined {
  if (!isIdentifier(name)) return 'has a name that is no identifier, which the generated type would need'
  if (TYPE_WORDS.has(name) || isReservedWord(name)) return `has the name of a word of TypeScript, ${name}`
  if (TAKEN_KEYS.has(name)) return `has the name ${name}, which a table of JSON Schemas has no place for`
  return undefined
}
