import { resolve } from 'node:path'
import type { BuildOptions, BuildResult } from './build-result.js'
import { createBuilder } from './builder.js'
import { locateCache } from './cache/locate-cache.js'

/**
 * Generates the code of schema files: loads them, models them, prints them, and writes what changed.
 *
 * Where anything is wrong with any of them, the output of all stays as it was.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const [first = ''] = options.schemas
  const cacheFolder = options.cache === false ? undefined : locateCache(resolve(options.cwd ?? '', first))
  const builder = createBuilder({ cacheFolder })
  try {
    return await builder.build(options)
  } finally {
    await builder.close()
  }
}
