import { availableParallelism } from 'node:os'
import type { ConnectionModel } from '../model/model.js'
import { type ChecksCache, openChecksCache } from './checks-cache.js'
import type { CompiledChecks } from './compile-all.js'
import { type CheckedSchemas, selectCheckedSchemas } from './compile-checks.js'

/** A thread and its ajv take as long to start as this many connections take to compile. */
const MIN_CONNECTIONS_PER_THREAD = 50

/** More gain nothing: one thread alone writes the files. */
const MAX_THREADS = 8

/**
 * Obtains the checks of connections, in order: those of an earlier build from memory or from the cache, the others from ajv.
 * Connections whose schemas are equal are compiled once.
 *
 * @param cacheFolder Where checks are kept. `undefined`: nowhere.
 */
export async function obtainChecks(
  connections: readonly ConnectionModel[],
  cacheFolder: string | undefined,
): Promise<CompiledChecks[]> {
  const unknown = connections.filter((connection) => !known.has(connection))
  if (unknown.length > 0)
    await learnChecks(unknown, cacheFolder === undefined ? undefined : openChecksCache(cacheFolder))
  return connections.map((connection) => known.get(connection) as CompiledChecks)
}

const known = new WeakMap<ConnectionModel, CompiledChecks>()

async function learnChecks(connections: readonly ConnectionModel[], cache: ChecksCache | undefined): Promise<void> {
  const texts = connections.map((connection) => JSON.stringify(selectCheckedSchemas(connection)))
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
  for (const [index, connection] of connections.entries()) {
    known.set(connection, found.get(texts[index] as string) as CompiledChecks)
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
