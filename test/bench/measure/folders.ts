import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the benchmarks, wherever this file was compiled to. */
export const BENCH_FOLDER: string = join(
  dirname(fileURLToPath(import.meta.resolve('netgen/package.json'))),
  'test/bench',
)
