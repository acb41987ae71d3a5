import type { NamedTypeModel } from '../model/model.js'
import { printDocumentation } from './print-documentation.js'
import { printMembers, printType } from './print-type.js'
import { SourceText, source } from './source-text.js'

/** Prints an exported type: an interface where it is an object, which the compiler shows by its name. */
export function printNamedType({ name, type, documentation }: NamedTypeModel, columns: number): SourceText {
  const comment = printDocumentation(documentation)
  const ownName = SourceText.nameOf({ is: 'export', name }, SourceText.name(name))
  if (type.kind === 'object') {
    return source`${comment}export interface ${ownName} ${printMembers(type.members, columns, name)}`
  }
  const head = source`export type ${ownName} = `
  const text = printType(type, { first: columns - head.columns, further: columns })
  return source`${comment}${head}${text}`
}
