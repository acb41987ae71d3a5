import { availableParallelism } from 'node:os'
import type { DeclarationModel } from '../model/model.js'
import { type ChecksCache, openChecksCache } from './checks-cache.js'
import type { CompiledChecks } from './compile-all.js'
import { type CheckedSchemas, selectCheckedSchemas } from './compile-checks.js'

/** A thread and its ajv take as long to start as this many declarations take to compile. */
const MIN_CONNECTIONS_PER_THREAD = 50

/** More gain nothing: one thread alone writes the files. */
const MAX_THREADS = 8

/**
 * Obtains the checks of declarations, in order: those of an earlier build from memory or from the cache, the others from ajv.
 * Declarations whose schemas are equal are compiled once.
 *
 * @param cacheFolder Where checks are kept. `undefined`: nowhere.
 */
export async function obtainChecks(
  declarations: readonly DeclarationModel[],
  cacheFolder: string | undefined,
): Promise<CompiledChecks[]> {
  const unknown = declarations.filter((declaration) => !known.has(declaration))
  if (unknown.length > 0)
    await learnChecks(unknown, cacheFolder === undefined ? undefined : openChecksCache(cacheFolder))
  return declarations.map((declaration) => known.get(declaration) as CompiledChecks)
}

const known = new WeakMap<DeclarationModel, CompiledChecks>()

async function learnChecks(declarations: readonly DeclarationModel[], cache: ChecksCache | undefined): Promise<void> {
  const texts = declarations.map((declaration) => JSON.stringify(selectCheckedSchemas(declaration)))
  const found = new Map<string, CompiledChecks>()
  for (const text of texts) {
    const checks = found.has(text) ? undefined : cache?.read(text)
    if (checks) found.set(text, { ok: true, checks })
  }
  const missing = [...new Set(texts)].filter((text) => !found.has(text))
  for (const [index, result] of (await compileMissing(missing)).entries()) {
    const text = missing[index] as string
    found.set(text, result)
    if (result.ok) cache?.write(text, result.checks)
  }
  if (missing.length > 0) cache?.sweep()
  for (const [index, declaration] of declarations.entries()) {
    known.set(declaration, found.get(texts[index] as string) as CompiledChecks)
  }
}

// ajv takes 50 ms to load, esbuild is there already: neither is loaded before it is needed.
async function compileMissing(texts: readonly string[]): Promise<readonly CompiledChecks[]> {
  if (texts.length === 0) return []
  const all = texts.map((text) => JSON.parse(text) as CheckedSchemas)
  const threads = Math.min(availableParallelism(), MAX_THREADS, Math.floor(texts.length / MIN_CONNECTIONS_PER_THREAD))
  if (threads >= 2) {
    const { compileInThreads } = await import('./compile-in-threads.js')
    return await compileInThreads(all, threads)
  }
  const { compileAll } = await import('./compile-all.js')
  return compileAll(all)
}
