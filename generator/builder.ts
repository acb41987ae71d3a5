import type { BuildOptions, BuildResult } from './build-result.js'
import { createOutputMemory } from './files/output-memory.js'
import { createChildPool } from './load/child-pool.js'
import { createModelMemory } from './model/model-memory.js'

/** Builds again and again. What did not change since its last build is neither compiled, nor printed, nor read again. */
export interface Builder {
  /** As `build` does. */
  build(options: BuildOptions): Promise<BuildResult>
  /** Ends what it started. Nothing can be built any more. */
  close(): void
}

/** How a builder works. */
export interface BuilderOptions {
  /** After each build, prepare the next: a process that waits, with the vocabulary loaded. Default: false. */
  readonly staysReady?: boolean
}

/**
 * Creates a builder, and begins at once with what each build waits for longest: the process that the schema runs in starts
 * while the generator itself is still being loaded.
 */
export function createBuilder({ staysReady = false }: BuilderOptions = {}): Builder {
  const children = createChildPool()
  const memory = { children, models: createModelMemory(), outputs: createOutputMemory() }
  children.prepare()
  const loading = import('./build-schemas.js')
  // Whoever builds hears of it.
  loading.catch(() => undefined)
  return {
    build: async (options) => {
      const { buildSchemas } = await loading
      const result = await buildSchemas(options, memory)
      if (staysReady) children.prepare()
      return result
    },
    close: () => children.close(),
  }
}
