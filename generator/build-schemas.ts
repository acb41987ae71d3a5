import { dirname, join, resolve } from 'node:path'
import type { BuildOptions, BuildResult, BuiltFile } from './build-result.js'
import { locateCache } from './cache/locate-cache.js'
import { createDiagnostic } from './diagnostics/create-diagnostic.js'
import type { Diagnostic } from './diagnostics/diagnostic.js'
import { compareOutput, type FileChange } from './files/compare-output.js'
import { FileProblem } from './files/file-problem.js'
import type { OutputPlan } from './files/output-file.js'
import type { OutputMemory } from './files/output-memory.js'
import { planOutput } from './files/plan-output.js'
import { writeOutput } from './files/write-output.js'
import type { LoadResult } from './load/load-schema.js'
import type { LoadingSchema } from './load/load-schemas.js'
import { buildModel } from './model/build-model.js'
import { createTagClaims } from './model/declarations/tag-claims.js'
import type { ModelMemory } from './model/model-memory.js'
import { createPatternJudge } from './model/patterns/create-pattern-judge.js'
import { chooseOutputForm, type OutputForm } from './project/choose-output-form.js'

/** What a build learned for the next one. */
export interface BuildMemory {
  readonly models: ModelMemory
  readonly outputs: OutputMemory
}

/** Generates the code of schema files that are loaded, as `build` says. */
export async function buildSchemas(
  schemas: readonly LoadingSchema[],
  options: BuildOptions,
  memory: BuildMemory,
): Promise<BuildResult> {
  const { plans, diagnostics, inputs } = await planAll(schemas, options, memory)
  const fail = (...more: Diagnostic[]): BuildResult => {
    return { ok: false, diagnostics: [...diagnostics, ...more], files: [], inputs }
  }
  if (diagnostics.some(({ severity }) => severity === 'error')) return fail()
  try {
    const found = plans.flatMap((plan) => compareOutput(plan, memory.outputs))
    const changes = options.check ? found.filter(({ isHint }) => !isHint) : found
    const differs = changes.some(({ change }) => change !== 'unchanged')
    if (!options.check && differs) writeOutput(changes, memory.outputs)
    return { ok: !(options.check && differs), diagnostics, files: changes.map(describeChange), inputs }
  } catch (error) {
    if (error instanceof FileProblem) return fail(error.diagnostic)
    throw error
  }
}

interface AllPlans {
  readonly plans: readonly OutputPlan[]
  readonly diagnostics: readonly Diagnostic[]
  readonly inputs: readonly string[]
}

async function planAll(
  schemas: readonly LoadingSchema[],
  options: BuildOptions,
  { models }: BuildMemory,
): Promise<AllPlans> {
  const loadings = await Promise.all(schemas.map(({ loading }) => loading))
  const claims = createTagClaims()
  const diagnostics: Diagnostic[] = []
  const plans = new Map<string, OutputPlan>()
  const formInputs: string[] = []
  for (const [index, { file }] of schemas.entries()) {
    const loading = loadings[index] as LoadResult
    if (!loading.ok) {
      diagnostics.push(...loading.diagnostics)
      continue
    }
    const cacheFolder = options.cache === false ? undefined : locateCache(file)
    const { model, diagnostics: modelDiagnostics } = buildModel(
      file,
      loading.schema,
      loading.source,
      claims,
      models.readings(file),
      createPatternJudge(cacheFolder),
    )
    diagnostics.push(...modelDiagnostics)
    if (model === undefined) continue
    const folder =
      options.out === undefined ? join(dirname(file), 'generated') : resolve(options.cwd ?? '', options.out)
    const { form, inputs, diagnostics: formDiagnostics } = chooseOutputForm(folder, readAskedForm(options))
    formInputs.push(...inputs)
    const { plan, diagnostics: planDiagnostics } = await planOutput({
      file,
      source: loading.source,
      model: models.recall(file, model),
      folder,
      form,
      cacheFolder,
    })
    diagnostics.push(...formDiagnostics, ...planDiagnostics)
    // Two names that a case-blind disk takes for one would be written over each other too.
    const place = join(plan.folder, plan.ownFolder).toLowerCase()
    if (plans.has(place)) diagnostics.push(reportSharedOutput(file, plan))
    plans.set(place, plan)
  }
  const inputs = [...new Set([...loadings.flatMap((loading) => loading.inputs), ...formInputs])]
  return { plans: [...plans.values()], diagnostics, inputs }
}

function readAskedForm({ language, importEnding }: BuildOptions): Partial<OutputForm> {
  return {
    ...(language && { language }),
    ...(importEnding && { importEnding: importEnding === 'none' ? '' : `.${importEnding}` }),
  }
}

function reportSharedOutput(file: string, { ownFolder }: OutputPlan): Diagnostic {
  const message = `schema would be written to ${JSON.stringify(`${ownFolder}.ts`)}, as another schema of this build is`
  return createDiagnostic('NG5004', { message, remedy: 'rename one of the two files', place: { file } })
}

function describeChange({ path, change }: FileChange): BuiltFile {
  return { path, change }
}
