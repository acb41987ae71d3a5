import type { SchemaModel } from '../model/model.js'
import { type ImportEnding, toImportPath } from './import-path.js'
import { printDeclaredError, printDeclaredErrorType } from './print-declared-error.js'
import { locateChecks, printDescriptor, printDescriptorDeclaration } from './print-descriptor.js'
import { printFlag, printFlagDeclaration } from './print-flag.js'
import { printHead } from './print-head.js'
import { printHandlers, printStub } from './print-interfaces.js'
import { type Language, MAX_COLUMNS, type PrintedModule, printMappedModule } from './print-module.js'
import { printNamedType } from './print-named-type.js'
import { joinSource, type SourceText, source } from './source-text.js'

/** Prints the main file of a schema in TypeScript: types, error classes, the two interfaces, flags and the descriptor. */
export function printSchemaModule(model: SchemaModel, schemaPath: string, ending: ImportEnding): string {
  const declarations = [
    ...model.types.map((type) => printNamedType(type, MAX_COLUMNS)),
    ...model.errors.map((error) => printDeclaredError(error, MAX_COLUMNS)),
    printHandlers(model),
    printStub(model),
    ...printFlags(model, ending),
    printDescriptor(model, ending),
  ]
  return layOut(model, declarations, schemaPath, { output: 'ts', language: 'ts', ending }).text
}

/** Prints what of the main file runs, in JavaScript: error classes, flags and the descriptor. */
export function printSchemaScript(model: SchemaModel, schemaPath: string): string {
  const declarations = [
    ...model.errors.map((error) => printDeclaredError(error, MAX_COLUMNS)),
    ...printFlags(model, '.js'),
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
    ...model.flags.map((flag) => printFlagDeclaration(flag, MAX_COLUMNS)),
    printDescriptorDeclaration(model),
  ]
  return layOut(model, declarations, schemaPath, { output: 'js', language: 'ts', ending: '.js' })
}

function printFlags({ names, flags }: SchemaModel, ending: ImportEnding): SourceText[] {
  return flags.map((flag) => printFlag(flag, locateChecks(names, flag, ending), MAX_COLUMNS))
}

interface Form {
  /** What the output is written in. */
  readonly output: Language
  /** What this module is written in: the same or, for declarations, TypeScript. */
  readonly language: Language
  readonly ending: ImportEnding
}

function layOut(
  { names, types, errors, flags }: SchemaModel,
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
    ...flags.map(({ name }) => name),
  ])
  const body = source`\n${joinSource(declarations, source`\n\n`)}\n`
  const schemaImport = toImportPath(schemaPath, ending)
  return printMappedModule({ head: printHead(schemaPath, true, output), body, declares, language, schemaImport })
}
