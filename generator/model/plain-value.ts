import type { ForeignValue, LoadedValue } from '../load/loaded-schema.js'
import type { JsonValue } from './json.js'
import { isForeign, isList, isObject, isStream } from './loaded-value.js'

/** A value that JSON cannot hold, in words: `a function`. */
export interface NotJson {
  readonly found: string
}

/** Makes a loaded value JSON, or says what in it is not. Schemas count as objects. */
export function readPlainValue(value: LoadedValue): { readonly json: JsonValue } | NotJson {
  try {
    return { json: convert(value, []) }
  } catch (error) {
    if (error instanceof NotJsonError) return { found: error.message }
    throw error
  }
}

/** Names a loaded value in a few words, for messages: as JSON where that is short, else by what kind of thing it is. */
export function describeValue(value: LoadedValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (isList(value)) return 'an array'
  if (isForeign(value)) return DESCRIPTIONS[value.type](value.text)
  if (isObject(value)) return 'an object'
  if (isStream(value)) return 'a stream'
  if (typeof value === 'object' && value !== null) return 'a schema'
  const text = JSON.stringify(value)
  return text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS - 1)}…`
}

const MAX_SHOWN_CHARACTERS = 80

const DESCRIPTIONS: Readonly<Record<ForeignValue['type'], (text: string) => string>> = {
  function: () => 'a function',
  symbol: () => 'a symbol',
  bigint: (text) => `the bigint ${text}`,
  undefined: () => 'undefined',
  regexp: (text) => `the RegExp ${text}`,
  number: (text) => text,
  instance: (text) => `an instance of ${text}`,
  getter: () => 'a getter',
  cycle: () => 'a cycle',
}

class NotJsonError extends Error {}

function convert(value: LoadedValue, around: readonly LoadedValue[]): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (around.includes(value)) throw new NotJsonError('a cycle')
  const inside = [...around, value]
  if (isList(value)) return value.map((item) => convert(item, inside))
  if (isForeign(value) || isStream(value)) throw new NotJsonError(describeValue(value))
  const entries = value.is === 'schema' ? value.keywords : value.entries
  return Object.fromEntries(Array.from(entries, ([key, item]) => [key, convert(item, inside)]))
}
