import { memoize } from '../model/memoize.js'
import type { ConnectionModel, SchemaModel } from '../model/model.js'
import { importType } from './module-symbol.js'
import { joinSource, SourceText, source } from './source-text.js'

/** Prints the schema as data, for `peer.connect`. */
export function printDescriptor({ names, digest, connections }: SchemaModel): SourceText {
  const type = SourceText.symbol(importType('Descriptor'))
  const entries = connections.map((connection) => printEntry(connection, names.baseName))
  return source`/** The schema as data, for \`peer.connect\`. */
export const ${SourceText.name(names.descriptor)}: ${type}<${SourceText.name(names.stub)}, ${SourceText.name(names.handlers)}> = {
  format: 1,
  name: ${names.descriptor},
  digest: ${digest},
  connections: [${entries}
  ],
}`
}

const printEntry = memoize((connection: ConnectionModel, folder) => {
  return source`\n  ${printConnection(connection, folder)},`
})

function printConnection(connection: ConnectionModel, folder: string): SourceText {
  const { name, tag, aliases, input, output, idempotent, timeoutMs, errors, digest, fileName } = connection
  const classes = errors.map(({ className }) => SourceText.name(className))
  const aliasTexts = aliases.map((alias) => source`${alias}`)
  return source`{
  name: ${name},
  tag: ${tag},
  aliases: [${joinSource(aliasTexts, source`, `)}],
  hasInput: ${input !== undefined},
  hasOutput: ${output !== undefined},
  idempotent: ${idempotent},${timeoutMs === undefined ? source`` : source`\ntimeoutMs: ${timeoutMs},`}
  errors: [${joinSource(classes, source`, `)}],
  digest: ${digest},
  load: () => import(${`./${folder}/${fileName}.js`}),
}`
}
