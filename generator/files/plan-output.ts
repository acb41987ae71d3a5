import { dirname, join, relative, sep } from 'node:path'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { ConnectionModel, SchemaModel } from '../model/model.js'
import { printChecksModule } from '../text/print-checks-module.js'
import { printSchemaModule } from '../text/print-schema-module.js'
import { obtainChecks } from '../validators/obtain-checks.js'
import type { OutputFile, OutputPlan } from './output-file.js'

/** The files of one schema, and what kept some from being made. */
export interface PlanResult {
  readonly plan: OutputPlan
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Writes the text of every file of a schema.
 *
 * @param cacheFolder Where compiled checks are kept. `undefined`: nowhere.
 */
export async function planOutput(
  file: string,
  model: SchemaModel,
  folder: string,
  cacheFolder: string | undefined,
): Promise<PlanResult> {
  const { baseName } = model.names
  const diagnostics: Diagnostic[] = []
  const files: OutputFile[] = []
  const add = (path: string, print: (schemaPath: string) => string): void => {
    const from = dirname(join(folder, path))
    files.push({ path, text: print(relative(from, file).split(sep).join('/')) })
  }
  const checks = await obtainChecks(model.connections, cacheFolder)
  add(`${baseName}.ts`, (schemaPath) => printSchemaModule(model, schemaPath))
  for (const [index, connection] of model.connections.entries()) {
    const compiled = checks[index]
    if (!compiled?.ok) {
      diagnostics.push(reportUncompiled(file, connection, compiled?.refusal ?? 'it has no check'))
      continue
    }
    const path = `${baseName}/${connection.fileName}.ts`
    add(path, (schemaPath) => printChecksModule(connection, compiled.checks, schemaPath))
  }
  return { plan: { folder, ownFolder: baseName, files }, diagnostics }
}

function reportUncompiled(file: string, { name }: ConnectionModel, refusal: string): Diagnostic {
  const message = `${name} has a schema that cannot be compiled to a check: ${refusal}`
  return createDiagnostic('NG3017', { message, remedy: 'write the schema in another way', place: { file } })
}
