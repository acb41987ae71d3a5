import { memoize } from '../model/memoize.js'
import type { ConnectionModel, EventModel, PayloadModel, SchemaModel, SchemaNames } from '../model/model.js'
import type { ImportEnding } from './import-path.js'
import { importType } from './module-symbol.js'
import { joinSource, SourceText, source } from './source-text.js'

/** Prints the schema as data, for `peer.connect`. */
export function printDescriptor(
  { names, digest, connections, events, flags }: SchemaModel,
  ending: ImportEnding,
): SourceText {
  const print = (entry: ConnectionModel | EventModel): SourceText =>
    printEntry(entry, locateChecks(names, entry, ending))
  const flagNames = flags.map(({ name }) => SourceText.name(name))
  return source`${DOCUMENTATION}
export const ${SourceText.name(names.descriptor)}${SourceText.typesOnly(printDescriptorType(names))} = {
  format: 1,
  name: ${names.descriptor},
  digest: ${digest},
  connections: ${printList(connections.map(print))},
  events: ${printList(events.map(print))},
  flags: [${joinSource(flagNames, source`, `)}],
}`
}

/** The path by which the main file imports the checks of a declaration. */
export function locateChecks(
  { baseName }: SchemaNames,
  { fileName }: { readonly fileName: string },
  ending: ImportEnding,
): string {
  return `./${baseName}/${fileName}${ending}`
}

/** Prints that there is such data. */
export function printDescriptorDeclaration({ names }: SchemaModel): SourceText {
  return source`${DOCUMENTATION}
export declare const ${SourceText.nameOf({ is: 'schema' }, SourceText.name(names.descriptor))}${printDescriptorType(names)}`
}

const DOCUMENTATION = source`/** The schema as data, for \`peer.connect\`. */`

function printDescriptorType({ stub, handlers }: SchemaNames): SourceText {
  const type = SourceText.symbol(importType('Descriptor'))
  return source`: ${type}<${SourceText.name(stub)}, ${SourceText.name(handlers)}>`
}

function printList(entries: readonly SourceText[]): SourceText {
  return entries.length === 0 ? source`[]` : source`[${entries}\n]`
}

const printEntry = memoize((entry: ConnectionModel | EventModel, checksPath) => {
  return source`\n  ${entry.is === 'connection' ? printConnection(entry, checksPath) : printEvent(entry, checksPath)},`
})

function printConnection(connection: ConnectionModel, checksPath: string): SourceText {
  const { name, tag, aliases, input, output, idempotent, timeoutMs, errors, digest } = connection
  const classes = errors.map(({ className }) => SourceText.name(className))
  return source`{
  name: ${name},
  tag: ${tag},
  aliases: ${printAliases(aliases)},
  input: ${namePayload(input)},
  output: ${namePayload(output)},
  idempotent: ${idempotent},${timeoutMs === undefined ? source`` : source`\ntimeoutMs: ${timeoutMs},`}
  errors: [${joinSource(classes, source`, `)}],
  digest: ${digest},
  load: () => import(${checksPath}),
}`
}

function printEvent({ name, tag, aliases, payload, delivery, digest }: EventModel, checksPath: string): SourceText {
  return source`{
  name: ${name},
  tag: ${tag},
  aliases: ${printAliases(aliases)},
  payload: ${payload === undefined ? 'none' : 'value'},
  delivery: ${delivery},
  digest: ${digest},
  load: () => import(${checksPath}),
}`
}

function printAliases(aliases: readonly string[]): SourceText {
  const texts = aliases.map((alias) => source`${alias}`)
  return source`[${joinSource(texts, source`, `)}]`
}

function namePayload(payload: PayloadModel | undefined): string {
  if (payload === undefined) return 'none'
  return payload.isStream ? 'stream' : 'value'
}
