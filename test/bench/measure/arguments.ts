import { parseArgs } from 'node:util'

/** What a benchmark can be told: `--rounds 5 --sizes 10,100`. */
export interface BenchArguments {
  readonly rounds: number
  readonly sizes: readonly number[]
}

/** Reads the command line. Throws for an option there is not. */
export function readArguments(defaults: BenchArguments): BenchArguments {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, sizes: { type: 'string' } } })
  return {
    rounds: Number(values.rounds ?? defaults.rounds),
    sizes: values.sizes?.split(',').map(Number) ?? defaults.sizes,
  }
}
