import { isIdentifier } from './identifier.js'

/** Looked for by `await`, by JSON and by every conversion, so that an object with a function of this name misbehaves. */
const LOOKED_FOR_NAMES: ReadonlySet<string> = new Set([
  '__proto__',
  'prototype',
  'then',
  'toJSON',
  ...Object.getOwnPropertyNames(Object.prototype),
])

/** What keeps a name from being that of a connection or an event, as the end of a sentence; undefined where nothing does. */
export function findMemberNameFault(name: string): string | undefined {
  if (!isIdentifier(name)) return 'has a name that is no identifier, which the generated code would need'
  if (LOOKED_FOR_NAMES.has(name)) return `has the name ${name}, which JavaScript looks for on every object`
  return undefined
}
