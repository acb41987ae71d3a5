import { resolve } from 'node:path'
import type { BuildOptions, BuildResult } from './build-result.js'
import { createOutputMemory } from './files/output-memory.js'
import type { BegunSchema } from './load/load-schema.js'
import { startLoadWorkers } from './load/load-workers.js'
import { createModelMemory } from './model/model-memory.js'

/** Builds again and again. What did not change since its last build is neither compiled, nor printed, nor read again. */
export interface Builder {
  /** As `build` does. */
  build(options: BuildOptions): Promise<BuildResult>
  /**
   * Begins to read a schema file, for its next build, which will not read it again. For when that build still has to wait.
   *
   * @param file Absolute.
   */
  begin(file: string): void
  /** Takes back what was begun, where anything that it was read from has changed since. */
  discard(file: string): void
  /** Ends what it started. Nothing can be built any more. */
  close(): Promise<void>
}

/** How a builder works. */
export interface BuilderOptions {
  /** After each build, prepare the next: a process that waits, with the vocabulary loaded and warmed up. Default: false. */
  readonly staysReady?: boolean
  /** Where is kept what makes it start faster the next time. Default: nowhere. */
  readonly cacheFolder?: string | undefined
}

/**
 * Creates a builder, and begins at once with what each build waits for longest: the process that the schema runs in
 * starts while the generator itself is still being loaded.
 */
export function createBuilder({ staysReady = false, cacheFolder }: BuilderOptions = {}): Builder {
  const workers = startLoadWorkers(cacheFolder)
  const memory = { models: createModelMemory(), outputs: createOutputMemory() }
  const begun = new Map<string, Promise<BegunSchema>>()
  let preparing: NodeJS.Immediate | undefined
  return {
    build: async (options) => {
      const cwd = options.cwd ?? process.cwd()
      const { loadSchemas } = await import('./load/load-schemas.js')
      const files = options.schemas.map((schema) => resolve(cwd, schema))
      const schemas = loadSchemas(files, workers, options.loadTimeoutMs, begun)
      // The rest of the generator is loaded while the schemas are bundled and run.
      const { buildSchemas } = await import('./build-schemas.js')
      const result = await buildSchemas(schemas, { ...options, cwd }, memory)
      const [next] = files
      // Whoever waits for this build comes first.
      if (staysReady && next !== undefined) preparing = setImmediate(() => workers.prepare(next))
      return result
    },
    begin: (file) => {
      const beginning = import('./load/load-schema.js').then(({ beginSchema }) => beginSchema(file, workers))
      // Whoever builds hears of it.
      beginning.catch(() => undefined)
      begun.set(file, beginning)
    },
    discard: (file) => void begun.delete(file),
    close: () => {
      clearImmediate(preparing)
      return workers.close()
    },
  }
}
