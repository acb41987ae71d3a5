import { findNearest } from '../../diagnostics/find-nearest.js'
import type { LoadedConnection, LoadedValue } from '../../load/loaded-schema.js'
import type { Definitions } from '../definitions.js'
import { digestConnection, type PayloadShape } from '../digest.js'
import { isVoidKind } from '../kinds/void.js'
import { isObject, isSchema } from '../loaded-value.js'
import type { ConnectionModel, ErrorModel, PayloadModel } from '../model.js'
import { findConnectionNameFault } from '../names/connection-name.js'
import { describeValue } from '../plain-value.js'
import { createPosition, enterPart, type Position } from '../position.js'
import type { ErrorTable } from './error-table.js'
import { readOptions } from './read-options.js'
import { readPayload, readValue } from './read-payload.js'
import type { TagClaims } from './tag-claims.js'

const KNOWN_KEYS = ['input', 'output', 'errors', 'tag', 'aliases', 'idempotent', 'timeoutMs'] as const

/** What the connections of a schema file have in common while they are read. */
export interface ConnectionSurroundings {
  readonly schemaName: string
  /** How messages name the schema file. */
  readonly fileLabel: string
  readonly definitions: Definitions
  readonly errors: ErrorTable
  readonly claims: TagClaims
}

/** A connection before the names of files are given out. */
export type ReadConnection = Omit<ConnectionModel, 'fileName'>

/**
 * Checks one declaration and reads its types. Every mistake in it is reported. What comes back where there was one is fit for
 * nothing but looking for further mistakes.
 */
export function readConnection(
  name: string,
  { declaration }: LoadedConnection,
  surroundings: ConnectionSurroundings,
): ReadConnection | undefined {
  const { schemaName, definitions, claims, fileLabel } = surroundings
  const { reader } = definitions
  const position = createPosition(name)
  const fault = findConnectionNameFault(name)
  if (fault !== undefined) reader.report('NG4001', position, fault, 'export it under another name')
  if (!isObject(declaration)) {
    const remedy = 'write connection({ input, output })'
    reader.report('NG2004', position, `is declared with ${describeValue(declaration)}, not an object`, remedy)
    return undefined
  }
  const { entries } = declaration
  reportUnknownKeys(entries, position, surroundings)
  const options = readOptions(entries, position, schemaName, reader)
  for (const tag of [options.tag, ...options.aliases]) {
    const owner = claims.claim(tag, `${name} of ${fileLabel}`)
    if (owner === undefined) continue
    const finding = `has the tag ${JSON.stringify(tag)}, which ${owner} has too`
    reader.report('NG2007', position, finding, 'give one of the two another tag')
  }

  const input = readSide('input', entries, position, surroundings)
  const isVoid = isVoidOutput(entries.get('output'))
  const output = isVoid ? undefined : readSide('output', entries, position, surroundings)
  const errors = readErrors(entries, enterPart(position, 'errors'), surroundings)
  const documentation = reader.document(position)
  const types = { ...(input && { input }), ...(output && { output }) }
  const digest = digestConnection({
    tag: options.tag,
    idempotent: options.idempotent,
    ...(input && { input: pickShape(input) }),
    ...(output && { output: pickShape(output) }),
    errors: Object.fromEntries(errors.map((error) => [error.name, error.data.schema])),
  })
  return { name, ...options, ...types, errors, digest, ...(documentation && { documentation }) }
}

function reportUnknownKeys(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  { definitions: { reader } }: ConnectionSurroundings,
): void {
  for (const key of entries.keys()) {
    if (KNOWN_KEYS.some((known) => known === key)) continue
    const nearest = findNearest(key, KNOWN_KEYS)
    const known = `connection() takes ${KNOWN_KEYS.join(', ')}`
    reader.report(
      'NG2002',
      enterPart(position, key),
      'is not a key of connection()',
      nearest === undefined ? known : `did you mean ${nearest}? ${known}`,
    )
  }
}

function isVoidOutput(output: LoadedValue | undefined): boolean {
  return isSchema(output) && isVoidKind(output.kind) && output.marks.length === 0
}

function pickShape({ schema, isStream }: PayloadModel): PayloadShape {
  return { schema, isStream }
}

function readSide(
  side: 'input' | 'output',
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  { definitions }: ConnectionSurroundings,
): PayloadModel | undefined {
  return entries.has(side) ? readPayload(entries.get(side), enterPart(position, side), definitions) : undefined
}

function readErrors(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  { definitions, errors }: ConnectionSurroundings,
): ErrorModel[] {
  if (!entries.has('errors')) return []
  const { reader } = definitions
  const declared = entries.get('errors')
  if (!isObject(declared)) {
    const remedy = 'write { DiskFull: Type.Object({ ... }) }'
    reader.report('NG2011', position, `is ${describeValue(declared)}, not an object of schemas`, remedy)
    return []
  }
  return [...declared.entries].flatMap(([name, value]) => {
    const place = enterPart(position, name)
    const data = readValue(value, place, definitions)
    const documentation = reader.document(place, isSchema(value) ? value : undefined)
    const error = data && errors.add(name, data, documentation, place)
    return error === undefined ? [] : [error]
  })
}
