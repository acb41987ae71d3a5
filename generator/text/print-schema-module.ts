import type { SchemaModel } from '../model/model.js'
import { type ImportEnding, toImportPath } from './import-path.js'
import { printDeclaredError, printDeclaredErrorType } from './print-declared-error.js'
import { printDescriptor, printDescriptorDeclaration } from './print-descriptor.js'
import { printHead } from './print-head.js'
import { printHandlers, printStub } from './print-interfaces.js'
import { type Language, MAX_COLUMNS, type PrintedModule, printMappedModule } from './print-module.js'
import { printNamedType } from './print-named-type.js'
import { joinSource, type SourceText, source } from './source-text.js'

/** Prints the main file of a schema in TypeScript: types, error classes, the two interfaces and the descriptor. */
export function printSchemaModule(model: SchemaModel, schemaPath: string, ending: ImportEnding): string {
  const declarations = [
    ...model.types.map((type) => printNamedType(type, MAX_COLUMNS)),
    ...model.errors.map((error) => printDeclaredError(error, MAX_COLUMNS)),
    printHandlers(model),
    printStub(model),
    printDescriptor(model, ending),
  ]
  return layOut(model, declarations, schemaPath, { output: 'ts', language: 'ts', ending }).text
}

/** Prints what of the main file runs, in JavaScript: error classes and the descriptor. */
export function printSchemaScript(model: SchemaModel, schemaPath: string): string {
  const declarations = [
    ...model.errors.map((error) => printDeclaredError(error, MAX_COLUMNS)),
    printDescriptor(model, '.js'),
  ]
  return layOut(model, declarations, schemaPath, { output: 'js', language: 'js', ending: '.ts' }).text
}

/** Prints the declarations beside that, and tells where in them names of the schema stand. */
export function printSchemaDeclarations(model: SchemaModel, schemaPath: string): PrintedModule {
  const declarations = [
    ...model.types.map((type) => printNamedType(type, MAX_COLUMNS)),
    ...model.errors.map((error) => printDeclaredErrorType(error, MAX_COLUMNS)),
    printHandlers(model),
    printStub(model),
    printDescriptorDeclaration(model),
  ]
  return layOut(model, declarations, schemaPath, { output: 'js', language: 'ts', ending: '.js' })
}

interface Form {
  /** What the output is written in. */
  readonly output: Language
  /** What this module is written in: the same or, for declarations, TypeScript. */
  readonly language: Language
  readonly ending: ImportEnding
}

function layOut(
  { names, types, errors }: SchemaModel,
  declarations: readonly SourceText[],
  schemaPath: string,
  { output, language, ending }: Form,
): PrintedModule {
  const declares = new Set([
    names.descriptor,
    names.handlers,
    names.stub,
    ...types.map(({ name }) => name),
    ...errors.map(({ className }) => className),
  ])
  const body = source`\n${joinSource(declarations, source`\n\n`)}\n`
  const schemaImport = toImportPath(schemaPath, ending)
  return printMappedModule({ head: printHead(schemaPath, true, output), body, declares, language, schemaImport })
}
