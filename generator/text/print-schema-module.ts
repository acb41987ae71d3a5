import type { SchemaModel } from '../model/model.js'
import { printDeclaredError } from './print-declared-error.js'
import { printDescriptor } from './print-descriptor.js'
import { printHead } from './print-head.js'
import { printHandlers, printStub } from './print-interfaces.js'
import { MAX_COLUMNS, printModule } from './print-module.js'
import { printNamedType } from './print-named-type.js'
import { joinSource, source } from './source-text.js'

/** Prints the main file of a schema: types, error classes, the two interfaces and the descriptor. */
export function printSchemaModule(model: SchemaModel, schemaPath: string): string {
  const { names, types, errors } = model
  const declarations = [
    ...types.map((type) => printNamedType(type, MAX_COLUMNS)),
    ...errors.map((error) => printDeclaredError(error, MAX_COLUMNS)),
    printHandlers(model),
    printStub(model),
    printDescriptor(model),
  ]
  const declares = new Set([
    names.descriptor,
    names.handlers,
    names.stub,
    ...types.map(({ name }) => name),
    ...errors.map(({ className }) => className),
  ])
  const body = source`\n${joinSource(declarations, source`\n\n`)}\n`
  return printModule({ head: printHead(schemaPath, true), body, declares })
}
