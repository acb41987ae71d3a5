import { join, relative, sep } from 'node:path'
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
  const pathFrom = (inside: string): string => relative(join(folder, inside), file).split(sep).join('/')
  const files: OutputFile[] = [{ path: `${baseName}.ts`, text: printSchemaModule(model, pathFrom('')) }]
  const schemaPath = pathFrom(baseName)
  for (const [index, compiled] of (await obtainChecks(model.connections, cacheFolder)).entries()) {
    const connection = model.connections[index] as ConnectionModel
    if (!compiled.ok) diagnostics.push(reportUncompiled(file, connection, compiled.refusal))
    else {
      const text = printChecksModule(connection, compiled.checks, schemaPath)
      files.push({ path: `${baseName}/${connection.fileName}.ts`, text })
    }
  }
  return { plan: { folder, ownFolder: baseName, files }, diagnostics }
}

function reportUncompiled(file: string, { name }: ConnectionModel, refusal: string): Diagnostic {
  const message = `${name} has a schema that cannot be compiled to a check: ${refusal}`
  return createDiagnostic('NG3017', { message, remedy: 'write the schema in another way', place: { file } })
}
