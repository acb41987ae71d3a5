import { availableParallelism } from 'node:os'
import type { ConnectionModel } from '../model/model.js'
import { openChecksCache } from './checks-cache.js'
import type { CompiledChecks } from './compile-all.js'
import { type CheckedSchemas, selectCheckedSchemas } from './compile-checks.js'

/** A thread and its ajv take as long to start as this many connections take to compile. */
const MIN_CONNECTIONS_PER_THREAD = 50

/** More gain nothing: one thread alone writes the files. */
const MAX_THREADS = 8

/**
 * Obtains the checks of connections, in order: those of an earlier build from the cache, the others from ajv. Connections whose
 * schemas are equal are compiled once.
 *
 * @param cacheFolder Where checks are kept. `undefined`: nowhere.
 */
export async function obtainChecks(
  connections: readonly ConnectionModel[],
  cacheFolder: string | undefined,
): Promise<CompiledChecks[]> {
  const cache = cacheFolder === undefined ? undefined : openChecksCache(cacheFolder)
  const texts = connections.map((connection) => JSON.stringify(selectCheckedSchemas(connection)))
  const found = new Map<string, CompiledChecks>()
  const missing: string[] = []
  for (const text of new Set(texts)) {
    const checks = cache?.read(text)
    if (checks) found.set(text, { ok: true, checks })
    else missing.push(text)
  }
  const compiled = await compileMissing(missing)
  for (const [index, text] of missing.entries()) {
    const result = compiled[index] as CompiledChecks
    found.set(text, result)
    if (result.ok) cache?.write(text, result.checks)
  }
  if (missing.length > 0) cache?.sweep()
  return texts.map((text) => found.get(text) as CompiledChecks)
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
