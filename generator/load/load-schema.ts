import { createDiagnostic } from '../diagnostics/create-diagnostic.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import { createSourceIndex } from '../source/create-source-index.js'
import type { ModuleOutline } from '../source/outline.js'
import type { OutlineMemory } from '../source/outline-memory.js'
import type { SourceIndex } from '../source/source-index.js'
import { MAX_NESTING_LEVELS } from './answer.js'
import { bundleSchema } from './bundle.js'
import type { BundleResult, ImportRecord } from './bundle-result.js'
import { explainBundleError } from './explain-bundle-error.js'
import { explainFailure } from './explain-failure.js'
import { explainMissingFile } from './explain-missing-file.js'
import { type LoadWorkers, startLoadWorkers } from './load-workers.js'
import type { LoadedExport, LoadedSchema } from './loaded-schema.js'
import type { SourceReader } from './source-reader.js'

/** How to load a schema file. */
export interface LoadOptions {
  /** How long the file may run, in milliseconds. Default: 20,000. */
  readonly timeoutMs?: number
  /** What runs it and reads its source. Default: workers of its own, without a cache. */
  readonly workers?: LoadWorkers
  /** What was begun of it with the same workers, since it last changed. Default: nothing. */
  readonly begun?: Promise<BegunSchema> | undefined
}

/** A schema file that is read, and does not run yet. */
export interface BegunSchema {
  readonly bundling: Promise<BundleResult>
  /** The outline of the file itself. */
  readonly readingFile: Promise<readonly ModuleOutline[]>
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

  const workers = options.workers ?? startLoadWorkers()
  // It starts beside the bundler.
  workers.children.prepare()
  try {
    const begun = await options.begun
    return await loadThere(file, begun ?? beginSchema(file, workers), workers, options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  } finally {
    if (!options.workers) await workers.close()
  }
}

/**
 * Begins with what of loading a schema file has no effect: bundling it, and reading its source.
 *
 * @param file Absolute.
 */
export function beginSchema(file: string, { sources, vocabulary }: LoadWorkers): BegunSchema {
  // What it imports is known when it is bundled; most of the source stands in the file itself.
  const readingFile = sources.read([file])
  const bundling = bundleSchema(file, vocabulary.substitute)
  // Only a schema that is loaded needs the one, and only one that ran to its end the other.
  bundling.catch(() => undefined)
  readingFile.catch(() => undefined)
  return { bundling, readingFile }
}

async function loadThere(
  file: string,
  { bundling, readingFile }: BegunSchema,
  { children, sources, vocabulary, remember }: LoadWorkers,
  timeoutMs: number,
): Promise<LoadResult> {
  const memory = remember(file)
  const bundle = await bundling
  const { code, isCommonJs = false, inputs } = bundle
  if (bundle.errors.length > 0) {
    return { ok: false, diagnostics: bundle.errors.map((error) => explainBundleError(file, error)), inputs }
  }

  // For the next build: the bundler has nothing else to do from here on.
  void vocabulary.keep()
  const readingSource = indexSource(file, readingFile, bundle.imports, sources, memory.outlines)
  readingSource.catch(() => undefined)
  const outcome = await children.run({ code, isCommonJs, file }, timeoutMs, memory.exports.texts)
  if (outcome.outcome === 'nested-too-deeply') {
    const message = `${JSON.stringify(outcome.exportName)} is nested more than ${MAX_NESTING_LEVELS} levels deep`
    const remedy = 'write a recursive type with `Type.Cyclic` or `Type.Module`'
    const { place } = (await readingSource).find(outcome.exportName, [])
    return { ok: false, diagnostics: [createDiagnostic('NG1010', { message, remedy, place })], inputs }
  }
  if (outcome.outcome !== 'read') {
    return { ok: false, diagnostics: [await explainFailure(file, outcome, bundle, timeoutMs)], inputs }
  }
  if (outcome.exports.length === 0) {
    const message = 'schema file exports nothing'
    const remedy = 'export what `connection()` returns, as in `export const ping = connection({})`'
    return { ok: false, diagnostics: [createDiagnostic('NG1008', { message, remedy, place: { file } })], inputs }
  }
  const exports = memory.exports.unpack(outcome.exports)
  const source = await readingSource
  return { ok: true, schema: { exports: sortAsInSource(exports, source.exportNames) }, source, inputs }
}

async function indexSource(
  file: string,
  readingFile: Promise<readonly ModuleOutline[]>,
  imports: readonly ImportRecord[],
  sources: SourceReader,
  memory: OutlineMemory,
): Promise<SourceIndex> {
  const links = imports.filter((record) => record.bundled && SOURCE_ENDING.test(record.file))
  const others = new Set(links.map((link) => link.file).filter((imported) => imported !== file))
  const readingOthers = others.size === 0 ? [] : sources.read([...others])
  const outlines = [...(await readingFile), ...(await readingOthers)]
  return createSourceIndex(file, links, outlines, memory.begin())
}

const SOURCE_ENDING = /\.[cm]?[jt]sx?$/

// A module namespace has its names sorted; the source has them as they were meant.
function sortAsInSource(exports: readonly LoadedExport[], names: readonly string[]): LoadedExport[] {
  const byName = new Map(exports.map((loaded) => [loaded.name, loaded]))
  const inSource = names.flatMap((name) => byName.get(name) ?? [])
  return [...new Set([...inSource, ...exports])]
}
