import { join, relative, sep } from 'node:path'
import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import { type DeclarationModel, listDeclarations, type SchemaModel } from '../model/model.js'
import type { OutputForm } from '../project/choose-output-form.js'
import type { SourceIndex } from '../source/source-index.js'
import { printChecksModule } from '../text/print-checks-module.js'
import { printSchemaDeclarations, printSchemaModule, printSchemaScript } from '../text/print-schema-module.js'
import { printSourceMap } from '../text/print-source-map.js'
import { obtainChecks } from '../validators/obtain-checks.js'
import { createLocator } from './locate-subject.js'
import type { OutputFile, OutputPlan } from './output-file.js'

/** What the files of one schema are written from. */
export interface OutputRequest {
  /** The schema file, absolute. */
  readonly file: string
  readonly source: SourceIndex
  readonly model: SchemaModel
  /** The output folder, absolute. */
  readonly folder: string
  readonly form: OutputForm
  /** Where compiled checks are kept. `undefined`: nowhere. */
  readonly cacheFolder: string | undefined
}

/** The files of one schema, and what kept some from being made. */
export interface PlanResult {
  readonly plan: OutputPlan
  readonly diagnostics: readonly Diagnostic[]
}

/** Writes the text of every file of a schema. */
export async function planOutput(request: OutputRequest): Promise<PlanResult> {
  const { file, model, folder, form, cacheFolder } = request
  const { baseName } = model.names
  const diagnostics: Diagnostic[] = []
  const files = planMainFiles(request)
  const schemaPath = lead(join(folder, baseName), file)
  const declarations = listDeclarations(model)
  for (const [index, compiled] of (await obtainChecks(declarations, cacheFolder)).entries()) {
    const declaration = declarations[index] as DeclarationModel
    if (!compiled.ok) diagnostics.push(reportUncompiled(file, declaration, compiled.refusal))
    else {
      const text = printChecksModule(declaration, compiled.checks, schemaPath, form.language, form.importEnding)
      files.push({ path: `${baseName}/${declaration.fileName}.${form.language}`, text })
    }
  }
  const mainFiles = MAIN_ENDINGS.map((ending) => `${baseName}${ending}`)
  return { plan: { folder, ownFolder: baseName, mainFiles, files }, diagnostics }
}

/** Of both languages. */
const MAIN_ENDINGS = ['.ts', '.js', '.d.ts', '.d.ts.map'] as const

function planMainFiles({ file, model, folder, form, source }: OutputRequest): OutputFile[] {
  const { baseName } = model.names
  const schemaPath = lead(folder, file)
  if (form.language === 'ts') {
    return [{ path: `${baseName}.ts`, text: printSchemaModule(model, schemaPath, form.importEnding) }]
  }
  const { text, names } = printSchemaDeclarations(model, schemaPath)
  const map = printSourceMap(names, {
    file: `${baseName}.d.ts`,
    locate: createLocator(file, model, source),
    toRelative: (place) => lead(folder, place),
  })
  return [
    { path: `${baseName}.js`, text: printSchemaScript(model, schemaPath) },
    { path: `${baseName}.d.ts`, text: `${text}//# sourceMappingURL=${encodeURIComponent(baseName)}.d.ts.map\n` },
    { path: `${baseName}.d.ts.map`, text: map, isHint: true },
  ]
}

/** The way from a folder to a file, with slashes. */
function lead(folder: string, file: string): string {
  return relative(folder, file).split(sep).join('/')
}

function reportUncompiled(file: string, { name }: DeclarationModel, refusal: string): Diagnostic {
  const message = `${name} has a schema that cannot be compiled to a check: ${refusal}`
  return createDiagnostic('NG3017', { message, remedy: 'write the schema in another way', place: { file } })
}
