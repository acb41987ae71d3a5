import { findNearest } from '../../diagnostics/find-nearest.js'
import type { DeclarationKind, LoadedDeclaration, LoadedValue } from '../../load/loaded-schema.js'
import type { Documentation } from '../../source/source-index.js'
import type { Definitions } from '../definitions.js'
import { isObject } from '../loaded-value.js'
import { describeValue } from '../plain-value.js'
import { createPosition, enterPart, type Position } from '../position.js'
import type { ErrorTable } from './error-table.js'
import { readAliases, readOwnTag } from './read-tags.js'
import type { TagClaims } from './tag-claims.js'

/** What the declarations of a schema file have in common while they are read. */
export interface Surroundings {
  readonly schemaName: string
  /** How messages name the schema file. */
  readonly fileLabel: string
  readonly definitions: Definitions
  readonly errors: ErrorTable
  readonly claims: TagClaims
}

/** What is known of a kind of declaration before one of it is read. */
export interface DeclarationRules {
  /** The keys that its function knows. */
  readonly keys: readonly string[]
  /** How it is written. */
  readonly example: string
  /** What keeps a name from being that of one, as the end of a sentence; undefined where nothing does. */
  readonly findNameFault: (name: string) => string | undefined
}

/** What every kind of declaration has. */
export interface DeclarationHead {
  readonly position: Position
  /** What its function was given. */
  readonly entries: ReadonlyMap<string, LoadedValue>
  readonly tag: string
  readonly aliases: readonly string[]
  readonly documentation?: Documentation
}

/**
 * Checks what every kind of declaration has: its name, its keys, and its tags, which are still to be claimed. Answers undefined
 * where there is no declaration to be read; what is wrong is reported, and has its default here.
 */
export function readHead(
  name: string,
  { is, declaration }: LoadedDeclaration,
  { keys, example, findNameFault }: DeclarationRules,
  { schemaName, definitions }: Surroundings,
): DeclarationHead | undefined {
  const { reader } = definitions
  const position = createPosition(name)
  const fault = findNameFault(name)
  if (fault !== undefined) reader.report('NG4001', position, fault, 'export it under another name')
  if (!isObject(declaration)) {
    const finding = `is declared with ${describeValue(declaration)}, not an object`
    reader.report('NG2004', position, finding, `write ${example}`)
    return undefined
  }
  const { entries } = declaration
  for (const key of entries.keys()) {
    if (!keys.includes(key)) reportUnknownKey(is, key, keys, position, definitions)
  }
  const tag = readOwnTag(entries, position, schemaName, reader)
  const aliases = keys.includes('aliases')
    ? readAliases(entries, enterPart(position, 'aliases'), schemaName, reader)
    : []
  const documentation = reader.document(position)
  return { position, entries, tag, aliases, ...(documentation && { documentation }) }
}

function reportUnknownKey(
  kind: DeclarationKind,
  key: string,
  keys: readonly string[],
  position: Position,
  { reader }: Definitions,
): void {
  const nearest = findNearest(key, keys)
  const known = `${kind}() takes ${keys.join(', ')}`
  const remedy = nearest === undefined ? known : `did you mean ${nearest}? ${known}`
  reader.report('NG2002', enterPart(position, key), `is not a key of ${kind}()`, remedy)
}
