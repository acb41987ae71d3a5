import { findNearest } from '../../diagnostics/find-nearest.js'
import type { LoadedConnection, LoadedValue } from '../../load/loaded-schema.js'
import type { Definitions } from '../definitions.js'
import { describeMissingSchema } from '../describe-missing-schema.js'
import { digestConnection } from '../digest.js'
import { bundleSchema } from '../json-schema.js'
import { isVoidKind } from '../kinds/void.js'
import { isObject, isSchema } from '../loaded-value.js'
import type { ConnectionModel, ErrorModel, ValueModel } from '../model.js'
import { findConnectionNameFault } from '../names/connection-name.js'
import { describeValue } from '../plain-value.js'
import { createPosition, enterPart, type Position } from '../position.js'
import type { ErrorTable } from './error-table.js'
import { readOptions } from './read-options.js'
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

  const input = readValue('input', entries, position, surroundings)
  const isVoid = isVoidOutput(entries.get('output'))
  const output = isVoid ? undefined : readValue('output', entries, position, surroundings)
  const errors = readErrors(entries, enterPart(position, 'errors'), surroundings)
  const documentation = reader.document(position)
  const types = { ...(input && { input }), ...(output && { output }) }
  const digest = digestConnection({
    tag: options.tag,
    idempotent: options.idempotent,
    ...(input && { input: input.schema }),
    ...(output && { output: output.schema }),
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

function readValue(
  key: string,
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  surroundings: ConnectionSurroundings,
): ValueModel | undefined {
  return entries.has(key) ? readPart(entries.get(key), enterPart(position, key), surroundings) : undefined
}

function readPart(
  value: LoadedValue | undefined,
  position: Position,
  { definitions }: ConnectionSurroundings,
): ValueModel | undefined {
  const { reader } = definitions
  if (!isSchema(value)) {
    const otherwise = 'use a function of Type, such as Type.Object({ ... }), or leave it out'
    const missing = describeMissingSchema(value, otherwise)
    reader.report('NG2003', position, missing.finding, missing.remedy)
    return undefined
  }
  const reading = reader.read(value, position)
  if (reading === undefined) return undefined
  const codec = definitions.codecs.plan(reading.codec)
  return { type: reading.type, schema: bundleSchema(reading.schema, definitions.schemas), ...(codec && { codec }) }
}

function readErrors(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  surroundings: ConnectionSurroundings,
): ErrorModel[] {
  if (!entries.has('errors')) return []
  const { reader } = surroundings.definitions
  const declared = entries.get('errors')
  if (!isObject(declared)) {
    const remedy = 'write { DiskFull: Type.Object({ ... }) }'
    reader.report('NG2011', position, `is ${describeValue(declared)}, not an object of schemas`, remedy)
    return []
  }
  return [...declared.entries].flatMap(([name, value]) => {
    const place = enterPart(position, name)
    const data = readPart(value, place, surroundings)
    const documentation = reader.document(place, isSchema(value) ? value : undefined)
    const error = data && surroundings.errors.add(name, data, documentation, place)
    return error === undefined ? [] : [error]
  })
}
