import type { LoadedDeclaration, LoadedValue } from '../../load/loaded-schema.js'
import type { Definitions } from '../definitions.js'
import { digestConnection, type PayloadShape } from '../digest.js'
import { isObject, isSchema } from '../loaded-value.js'
import type { ConnectionModel, ErrorModel, PayloadModel } from '../model.js'
import { findMemberNameFault } from '../names/member-name.js'
import { describeValue } from '../plain-value.js'
import { enterPart, type Position } from '../position.js'
import { type DeclarationRules, readHead, type Surroundings } from './read-head.js'
import { readOptions } from './read-options.js'
import { isVoid, readPayload, readValue } from './read-payload.js'

const RULES: DeclarationRules = {
  keys: ['input', 'output', 'errors', 'tag', 'aliases', 'idempotent', 'timeoutMs'],
  example: 'connection({ input, output })',
  findNameFault: findMemberNameFault,
}

/** A connection before the names of files are given out. */
export type ReadConnection = Omit<ConnectionModel, 'fileName'>

/**
 * Checks one connection and reads its types. Every mistake in it is reported. What comes back where there was one is fit for
 * nothing but looking for further mistakes.
 */
export function readConnection(
  name: string,
  declaration: LoadedDeclaration,
  surroundings: Surroundings,
): ReadConnection | undefined {
  const head = readHead(name, declaration, RULES, surroundings)
  if (head === undefined) return undefined
  const { position, entries, tag, aliases, documentation } = head
  const { definitions } = surroundings
  const options = readOptions(entries, position, definitions.reader)
  const input = readSide('input', entries, position, definitions)
  const output = isVoid(entries.get('output')) ? undefined : readSide('output', entries, position, definitions)
  const errors = readErrors(entries, enterPart(position, 'errors'), surroundings)
  const types = { ...(input && { input }), ...(output && { output }) }
  const digest = digestConnection({
    tag,
    idempotent: options.idempotent,
    ...(input && { input: pickShape(input) }),
    ...(output && { output: pickShape(output) }),
    errors: Object.fromEntries(errors.map((error) => [error.name, error.data.schema])),
  })
  return {
    is: 'connection',
    name,
    tag,
    aliases,
    ...options,
    ...types,
    errors,
    digest,
    ...(documentation && { documentation }),
  }
}

function pickShape({ schema, isStream }: PayloadModel): PayloadShape {
  return { schema, isStream }
}

function readSide(
  side: 'input' | 'output',
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  definitions: Definitions,
): PayloadModel | undefined {
  return entries.has(side) ? readPayload(entries.get(side), enterPart(position, side), definitions) : undefined
}

function readErrors(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  { definitions, errors }: Surroundings,
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
