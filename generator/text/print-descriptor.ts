import { memoize } from '../model/memoize.js'
import type { ConnectionModel, PayloadModel, SchemaModel, SchemaNames } from '../model/model.js'
import type { ImportEnding } from './import-path.js'
import { importType } from './module-symbol.js'
import { joinSource, SourceText, source } from './source-text.js'

/** Prints the schema as data, for `peer.connect`. */
export function printDescriptor({ names, digest, connections }: SchemaModel, ending: ImportEnding): SourceText {
  const { baseName } = names
  const entries = connections.map((connection) => {
    return printEntry(connection, `./${baseName}/${connection.fileName}${ending}`)
  })
  return source`${DOCUMENTATION}
export const ${SourceText.name(names.descriptor)}${SourceText.typesOnly(printDescriptorType(names))} = {
  format: 1,
  name: ${names.descriptor},
  digest: ${digest},
  connections: [${entries}
  ],
}`
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

const printEntry = memoize((connection: ConnectionModel, checksPath) => {
  return source`\n  ${printConnection(connection, checksPath)},`
})

function printConnection(connection: ConnectionModel, checksPath: string): SourceText {
  const { name, tag, aliases, input, output, idempotent, timeoutMs, errors, digest } = connection
  const classes = errors.map(({ className }) => SourceText.name(className))
  const aliasTexts = aliases.map((alias) => source`${alias}`)
  return source`{
  name: ${name},
  tag: ${tag},
  aliases: [${joinSource(aliasTexts, source`, `)}],
  input: ${namePayload(input)},
  output: ${namePayload(output)},
  idempotent: ${idempotent},${timeoutMs === undefined ? source`` : source`\ntimeoutMs: ${timeoutMs},`}
  errors: [${joinSource(classes, source`, `)}],
  digest: ${digest},
  load: () => import(${checksPath}),
}`
}

function namePayload(payload: PayloadModel | undefined): string {
  if (payload === undefined) return 'none'
  return payload.isStream ? 'stream' : 'value'
}
