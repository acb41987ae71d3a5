import type { FlagModel } from '../model/model.js'
import { importType } from './module-symbol.js'
import { printDocumentation } from './print-documentation.js'
import { printType } from './print-type.js'
import { SourceText, source } from './source-text.js'

/** Prints a flag as data, for `ctx.flag` and `peer.onFlag`. */
export function printFlag(flag: FlagModel, checksPath: string, columns: number): SourceText {
  const { name, tag, data, digest, documentation } = flag
  const head = source`export const ${printName(flag)}`
  return source`${printDocumentation(documentation)}${head}${SourceText.typesOnly(printFlagType(flag, columns - head.columns - ' = {'.length, columns))} = {
  name: ${name},
  tag: ${tag},
  data: ${data === undefined ? 'none' : 'value'},
  digest: ${digest},
  load: () => import(${checksPath}),
}`
}

/** Prints that there is such data. */
export function printFlagDeclaration(flag: FlagModel, columns: number): SourceText {
  const head = source`export declare const ${printName(flag)}`
  const type = printFlagType(flag, columns - head.columns, columns)
  return source`${printDocumentation(flag.documentation)}${head}${type}`
}

function printName({ name }: FlagModel): SourceText {
  return SourceText.nameOf({ is: 'export', name }, SourceText.name(name))
}

function printFlagType({ data }: FlagModel, first: number, further: number): SourceText {
  const type = SourceText.symbol(importType('FlagDescriptor'))
  if (data === undefined) return source`: ${type}<void>`
  return source`: ${type}<${printType(data.type, { first: first - type.columns - ': <>'.length, further })}>`
}
