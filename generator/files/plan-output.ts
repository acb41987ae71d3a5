import { dirname, join, relative, sep } from 'node:path'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { ConnectionModel, SchemaModel } from '../model/model.js'
import { printChecksModule } from '../text/print-checks-module.js'
import { printSchemaModule } from '../text/print-schema-module.js'
import { type ConnectionChecksCode, compileChecks } from '../validators/compile-checks.js'
import type { OutputFile, OutputPlan } from './output-file.js'

/** The files of one schema, and what kept some from being made. */
export interface PlanResult {
  readonly plan: OutputPlan
  readonly diagnostics: readonly Diagnostic[]
}

/** Writes the text of every file of a schema. */
export function planOutput(file: string, model: SchemaModel, folder: string): PlanResult {
  const { baseName } = model.names
  const diagnostics: Diagnostic[] = []
  const files: OutputFile[] = []
  const add = (path: string, print: (schemaPath: string) => string): void => {
    const from = dirname(join(folder, path))
    files.push({ path, text: print(relative(from, file).split(sep).join('/')) })
  }
  add(`${baseName}.ts`, (schemaPath) => printSchemaModule(model, schemaPath))
  for (const connection of model.connections) {
    const checks = tryCompile(connection)
    if (checks instanceof Error) diagnostics.push(reportUncompiled(file, connection, checks))
    else {
      add(`${baseName}/${connection.fileName}.ts`, (schemaPath) => printChecksModule(connection, checks, schemaPath))
    }
  }
  return { plan: { folder, ownFolder: baseName, files }, diagnostics }
}

function tryCompile(connection: ConnectionModel): ConnectionChecksCode | Error {
  try {
    return compileChecks(connection)
  } catch (error) {
    return error as Error
  }
}

function reportUncompiled(file: string, { name }: ConnectionModel, error: Error): Diagnostic {
  const message = `${name} has a schema that cannot be compiled to a check: ${error.message}`
  return createDiagnostic('NG3017', { message, remedy: 'write the schema in another way', place: { file } })
}
