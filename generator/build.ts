import type { BuildOptions, BuildResult } from './build-result.js'
import { createBuilder } from './builder.js'

/**
 * Generates the code of schema files: loads them, models them, prints them, and writes what changed.
 *
 * Where anything is wrong with any of them, the output of all stays as it was.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const builder = createBuilder()
  try {
    return await builder.build(options)
  } finally {
    builder.close()
  }
}
