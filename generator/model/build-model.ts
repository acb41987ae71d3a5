import { basename } from 'node:path'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { LoadedDeclaration, LoadedExport, LoadedSchema, SchemaNode } from '../load/loaded-schema.js'
import type { SourceIndex } from '../source/source-index.js'
import { type ClaimedTags, claimTags } from './declarations/claim-tags.js'
import { createErrorTable } from './declarations/error-table.js'
import { type ReadConnection, readConnection } from './declarations/read-connection.js'
import { type ReadEvent, readEvent } from './declarations/read-event.js'
import { type ReadFlag, readFlag } from './declarations/read-flag.js'
import type { Surroundings } from './declarations/read-head.js'
import type { TagClaims } from './declarations/tag-claims.js'
import { readDefinitions } from './definitions.js'
import { digestSchema } from './digest.js'
import { findEndlessTypes } from './find-endless-types.js'
import { isVoidKind } from './kinds/void.js'
import { memoize } from './memoize.js'
import type { SchemaModel, SchemaNames } from './model.js'
import { nameFiles } from './names/file-names.js'
import { deriveSchemaNames } from './names/schema-names.js'
import type { PatternJudge } from './patterns/pattern-verdict.js'
import { createPosition } from './position.js'
import { createReadingMemory, type ReadingMemory } from './reading-memory.js'
import { createReporter, type Reporter } from './reporter.js'

/** A schema's model, or undefined where a diagnostic is an error. */
export interface ModelResult {
  readonly model: SchemaModel | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Builds the model of one schema file. All that is wrong with it is reported at once: one bad declaration hides no other.
 *
 * @param file The schema file's absolute path.
 * @param claims The tags of all schemas of this build.
 * @param readings What the last build of the file read. Default: nothing.
 * @param judge Judges the patterns. Default: one that remembers nothing for other builds.
 */
export function buildModel(
  file: string,
  loaded: LoadedSchema,
  index: SourceIndex,
  claims: TagClaims,
  readings: ReadingMemory = createReadingMemory(),
  judge?: PatternJudge,
): ModelResult {
  const names = deriveSchemaNames(file)
  if (names === undefined) {
    const message = `${JSON.stringify(basename(file))} gives no name that the generated code could use`
    const remedy = 'name the file with letters, digits, minus and dot, beginning with a letter, and by no reserved word'
    return { model: undefined, diagnostics: [createDiagnostic('NG4005', { message, remedy, place: { file } })] }
  }
  const { exports } = loaded
  const reporter = createReporter(index)
  const errors = createErrorTable(reporter)
  const definitions = readDefinitions(selectSchemas(exports), reporter, index, readings, () => errors.additions, judge)
  const surroundings = { schemaName: names.descriptor, fileLabel: basename(file), definitions, errors, claims }
  const declarations = readDeclarations(exports, surroundings)
  reportTakenNames(names, definitions.types, errors.errors, declarations.flags, reporter)
  for (const name of findEndlessTypes(definitions.types)) {
    const remedy = 'put a property or an array between the type and itself'
    reporter.report('NG3018', createPosition(name), 'is a type that is nothing but itself', remedy)
  }
  const diagnostics = [...reporter.diagnostics, ...(hasDeclaration(exports) ? [] : [reportNothing(file)])]
  if (diagnostics.some(({ severity }) => severity === 'error')) return { model: undefined, diagnostics }
  return { model: createModel(names, definitions.types, errors.errors, declarations), diagnostics }
}

function createModel(
  names: SchemaNames,
  types: SchemaModel['types'],
  errors: SchemaModel['errors'],
  { connections, events, flags }: ReadDeclarations,
): SchemaModel {
  const all = [...connections, ...events, ...flags]
  const fileNames = nameFiles(all.map(({ name }) => name))
  const addFile = <Read extends { readonly name: string }>(read: Read): Read & { readonly fileName: string } => {
    return nameFile(read, fileNames.get(read.name) ?? read.name) as Read & { readonly fileName: string }
  }
  return {
    names,
    types,
    errors,
    connections: connections.map(addFile),
    events: events.map(addFile),
    flags: flags.map(addFile),
    digest: digestSchema(all.map(({ digest }) => digest)),
  }
}

/** A declaration that was recalled is the same object as before. */
const nameFile = memoize((read: { readonly name: string }, fileName) => ({ ...read, fileName }))

interface ReadDeclarations {
  readonly connections: readonly ReadConnection[]
  readonly events: readonly ReadEvent[]
  readonly flags: readonly ReadFlag[]
}

function readDeclarations(exports: readonly LoadedExport[], surroundings: Surroundings): ReadDeclarations {
  const connections: ReadConnection[] = []
  const events: ReadEvent[] = []
  const flags: ReadFlag[] = []
  const keep = <Read extends ClaimedTags>(
    list: Read[],
    name: string,
    declaration: LoadedDeclaration,
    read: (name: string, declaration: LoadedDeclaration, surroundings: Surroundings) => Read | undefined,
  ): void => {
    const found = surroundings.definitions.recall(declaration, createPosition(name), () => {
      return read(name, declaration, surroundings)
    })
    if (found === undefined) return
    claimTags(found, surroundings)
    list.push(found)
  }
  for (const { name, value } of exports) {
    if (value.is === 'connection') keep(connections, name, value, readConnection)
    else if (value.is === 'event') keep(events, name, value, readEvent)
    else if (value.is === 'flag') keep(flags, name, value, readFlag)
  }
  return { connections, events, flags }
}

/** TypeScript would merge two things of one name, or refuse them where nobody could mend it. */
function reportTakenNames(
  names: SchemaNames,
  types: SchemaModel['types'],
  errors: SchemaModel['errors'],
  flags: readonly ReadFlag[],
  reporter: Reporter,
): void {
  const own = new Set([names.handlers, names.stub, ...errors.map(({ className }) => className)])
  for (const { name } of types) {
    if (!own.has(name)) continue
    const finding = `has the name ${name}, which netgen gives to a type of its own`
    reporter.report('NG4003', createPosition(name), finding, 'give the type another name')
  }
  const taken = new Set([...own, names.descriptor, ...types.map(({ name }) => name)])
  for (const { name } of flags) {
    if (!taken.has(name)) continue
    const finding = `has the name ${name}, which something else of the generated file has`
    reporter.report('NG4003', createPosition(name), finding, 'give the flag another name')
  }
}

/** Every exported schema that becomes a type. One of no value becomes none, and can be used as an output. */
function selectSchemas(exports: readonly LoadedExport[]): ReadonlyMap<string, SchemaNode> {
  return new Map(
    exports.flatMap(({ name, value }) => (value.is === 'schema' && !isVoidKind(value.kind) ? [[name, value]] : [])),
  )
}

function hasDeclaration(exports: readonly LoadedExport[]): boolean {
  return exports.some(({ value }) => 'declaration' in value)
}

function reportNothing(file: string): Diagnostic {
  const message = `${JSON.stringify(basename(file))} exports no connection, event or flag`
  const remedy = 'write export const greet = connection({ input: ..., output: ... })'
  return createDiagnostic('NG2001', { message, remedy, place: { file } })
}
