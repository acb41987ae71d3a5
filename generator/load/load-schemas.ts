import { type BegunSchema, type LoadResult, loadSchema } from './load-schema.js'
import type { LoadWorkers } from './load-workers.js'

/** A schema file that is being loaded. */
export interface LoadingSchema {
  /** Absolute. */
  readonly file: string
  readonly loading: Promise<LoadResult>
}

/**
 * Begins to load schema files, each once.
 *
 * @param files Absolute.
 * @param timeoutMs How long each may run, in milliseconds. `undefined`: the default.
 * @param begun Those that are being read already. They are taken out.
 */
export function loadSchemas(
  files: readonly string[],
  workers: LoadWorkers,
  timeoutMs: number | undefined,
  begun: Map<string, Promise<BegunSchema>>,
): LoadingSchema[] {
  const options = { workers, ...(timeoutMs !== undefined && { timeoutMs }) }
  return [...new Set(files)].map((file) => {
    const loading = loadSchema(file, { ...options, begun: begun.get(file) })
    begun.delete(file)
    // Whoever waits for it hears of it, which may be later.
    loading.catch(() => undefined)
    return { file, loading }
  })
}
