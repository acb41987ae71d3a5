import type { ErrorModel } from '../model/model.js'
import { importType, importValue } from './module-symbol.js'
import { printDocumentation } from './print-documentation.js'
import { printType } from './print-type.js'
import { SourceText, source } from './source-text.js'

/** Prints the class of a declared error. */
export function printDeclaredError({ name, className, data, documentation }: ErrorModel, columns: number): SourceText {
  const base = SourceText.symbol(importValue('DeclaredError'))
  const options = SourceText.symbol(importType('DeclaredErrorOptions'))
  const head = source`export class ${SourceText.name(className)} extends ${base}<${name}, `
  const baseData = printType(data.type, { first: columns - head.columns - '> {'.length, further: columns })
  const constructorHead = source`  constructor(data: `
  const constructorTail = source`, options?: ${options}) {`
  const ownData = printType(data.type, {
    first: columns - constructorHead.columns - constructorTail.columns,
    further: columns - 2,
  })
  return source`${printDocumentation(documentation)}${head}${baseData}> {
  static readonly errorName = ${name}
  constructor(data: ${ownData}${constructorTail}
    super(${name}, data, options)
  }
}`
}
