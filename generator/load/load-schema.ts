import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { SourceIndex } from '../source/source-index.js'
import { MAX_NESTING_LEVELS } from './answer.js'
import { bundleSchema } from './bundle.js'
import type { ImportRecord } from './bundle-result.js'
import { type ChildPool, createChildPool } from './child-pool.js'
import { explainBundleError } from './explain-bundle-error.js'
import { explainFailure } from './explain-failure.js'
import { explainMissingFile } from './explain-missing-file.js'
import type { LoadedExport, LoadedSchema } from './loaded-schema.js'

/** How to load a schema file. */
export interface LoadOptions {
  /** How long the file may run, in milliseconds. Default: 20,000. */
  readonly timeoutMs?: number
  /** Where the file runs. Default: a pool of its own. */
  readonly children?: ChildPool
}

/** A schema file that ran to its end, or what kept it from doing so. */
export type LoadResult =
  | {
      readonly ok: true
      readonly schema: LoadedSchema
      readonly source: SourceIndex
      readonly inputs: readonly string[]
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly inputs: readonly string[] }

const DEFAULT_TIMEOUT_MS = 20_000

/**
 * Loads a schema file: bundles it, runs it in a process of its own, and reads what it exports, together with its source text.
 * Throws for nothing that a schema file can do.
 *
 * @param file Absolute.
 * @returns `inputs` holds every file that was read, and every path where one was looked for in vain; absolute.
 */
export async function loadSchema(file: string, options: LoadOptions = {}): Promise<LoadResult> {
  const missing = explainMissingFile(file)
  if (missing) return { ok: false, diagnostics: [missing], inputs: [file] }

  const children = options.children ?? createChildPool()
  // It starts beside the bundler.
  children.prepare()
  try {
    return await loadThere(file, children, options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  } finally {
    if (!options.children) children.close()
  }
}

async function loadThere(file: string, children: ChildPool, timeoutMs: number): Promise<LoadResult> {
  const bundle = await bundleSchema(file)
  const { inputs } = bundle
  if (bundle.errors.length > 0) {
    return { ok: false, diagnostics: bundle.errors.map((error) => explainBundleError(file, error)), inputs }
  }

  // Reading the source, and loading the compiler for it, keeps this thread busy while the child process runs; not before that has
  // its task, which would have to wait in this thread.
  let reportSent = (): void => undefined
  const sent = new Promise<void>((resolve) => {
    reportSent = resolve
  })
  const [outcome, source] = await Promise.all([
    children.run({ code: bundle.code, file }, timeoutMs, () => reportSent()),
    sent.then(() => indexSource(file, bundle.imports)),
  ])
  if (outcome.outcome === 'nested-too-deeply') {
    const message = `${JSON.stringify(outcome.exportName)} is nested more than ${MAX_NESTING_LEVELS} levels deep`
    const remedy = 'write a recursive type with `Type.Cyclic` or `Type.Module`'
    const { place } = source.find(outcome.exportName, [])
    return { ok: false, diagnostics: [createDiagnostic('NG1010', { message, remedy, place })], inputs }
  }
  if (outcome.outcome !== 'read') {
    return { ok: false, diagnostics: [explainFailure(file, outcome, bundle, timeoutMs)], inputs }
  }
  if (outcome.exports.length === 0) {
    const message = 'schema file exports nothing'
    const remedy = 'export what `connection()` returns, as in `export const ping = connection({})`'
    return { ok: false, diagnostics: [createDiagnostic('NG1008', { message, remedy, place: { file } })], inputs }
  }
  return { ok: true, schema: { exports: sortAsInSource(outcome.exports, source.exportNames) }, source, inputs }
}

async function indexSource(file: string, imports: readonly ImportRecord[]): Promise<SourceIndex> {
  const { createSourceIndex } = await import('../source/create-source-index.js')
  return createSourceIndex(
    file,
    imports.filter(({ bundled }) => bundled),
  )
}

// A module namespace has its names sorted; the source has them as they were meant.
function sortAsInSource(exports: readonly LoadedExport[], names: readonly string[]): LoadedExport[] {
  const byName = new Map(exports.map((loaded) => [loaded.name, loaded]))
  const inSource = names.flatMap((name) => byName.get(name) ?? [])
  return [...new Set([...inSource, ...exports])]
}
