import { basename } from 'node:path'
import type { SchemaNames } from '../model.js'
import { isIdentifier } from './identifier.js'
import { isTakenConstant } from './reserved-words.js'

/**
 * Derives what is named after a schema file: `my-notes.ts` gives `myNotes`, `MyNotesHandlers` and `MyNotesStub`.
 *
 * Answers undefined where the file's name gives no identifier, or one that no constant can have.
 */
export function deriveSchemaNames(file: string): SchemaNames | undefined {
  const baseName = basename(file).replace(/\.[cm]?[jt]sx?$/i, '')
  const [first = '', ...others] = baseName.split(/[-. ]+/).filter((word) => word !== '')
  const descriptor = lowerStart(first) + others.map(upperStart).join('')
  // Other characters would have to be escaped in the path of an import, which is a URL.
  if (!/^[\p{ID_Continue}$.-]+$/u.test(baseName)) return undefined
  if (!isIdentifier(descriptor) || isTakenConstant(descriptor)) return undefined
  const typeStart = upperStart(descriptor)
  return { baseName, descriptor, handlers: `${typeStart}Handlers`, stub: `${typeStart}Stub` }
}

/** `Notes` becomes `notes`, and `API` becomes `api`. */
function lowerStart(word: string): string {
  return word === word.toUpperCase() ? word.toLowerCase() : word.slice(0, 1).toLowerCase() + word.slice(1)
}

function upperStart(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}
