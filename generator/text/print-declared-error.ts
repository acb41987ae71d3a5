import type { ErrorModel } from '../model/model.js'
import { importType, importValue } from './module-symbol.js'
import { printDocumentation } from './print-documentation.js'
import { printType } from './print-type.js'
import { SourceText, source } from './source-text.js'

/** Prints the class of a declared error. */
export function printDeclaredError(error: ErrorModel, columns: number): SourceText {
  const { name, documentation } = error
  const { head, types, parameters } = printParts(error, source`export class`, columns)
  return source`${printDocumentation(documentation)}${head}${SourceText.typesOnly(types)} {
  static ${SourceText.typesOnly(source`readonly `)}errorName = ${name}
  constructor(${parameters}) {
    super(${name}, data, options)
  }
}`
}

/** Prints the class of a declared error without what it does. */
export function printDeclaredErrorType(error: ErrorModel, columns: number): SourceText {
  const { name, documentation } = error
  const { head, types, parameters } = printParts(error, source`export declare class`, columns)
  return source`${printDocumentation(documentation)}${head}${types} {
  static readonly errorName = ${name}
  ${SourceText.nameOf({ is: 'error', name }, source`constructor`)}(${parameters})
}`
}

interface ClassParts {
  readonly head: SourceText
  readonly types: SourceText
  readonly parameters: SourceText
}

function printParts(error: ErrorModel, keywords: SourceText, columns: number): ClassParts {
  const { name, className, data } = error
  const base = SourceText.symbol(importValue('DeclaredError'))
  const options = SourceText.symbol(importType('DeclaredErrorOptions'))
  const ownName = SourceText.nameOf({ is: 'error', name }, SourceText.name(className))
  const head = source`${keywords} ${ownName} extends ${base}`
  const typesHead = source`<${name}, `
  const baseData = printType(data.type, {
    first: columns - head.columns - typesHead.columns - '> {'.length,
    further: columns,
  })
  const ownData = printType(data.type, {
    first: columns - '  constructor(data: , options?: ) {'.length - options.columns,
    further: columns - 2,
  })
  return {
    head,
    types: source`${typesHead}${baseData}>`,
    parameters: source`data${SourceText.typesOnly(source`: ${ownData}`)}, options${SourceText.typesOnly(source`?: ${options}`)}`,
  }
}
