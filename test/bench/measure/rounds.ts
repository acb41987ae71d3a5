/** Something to measure, several times. */
export interface Case<Value> {
  readonly name: string
  /** Done before each measurement, and not measured. */
  readonly prepare?: () => void
  /** Answers one measurement; `undefined` where it could not be made: the case is not tried again. */
  readonly measure: () => Value | undefined | Promise<Value | undefined>
}

/**
 * Measures every case once a round, one after the other, so that what slows the machine down for a while slows all of them.
 * Answers the measurements of each case, by its name.
 */
export async function measureInRounds<Value>(
  cases: readonly Case<Value>[],
  rounds: number,
): Promise<Map<string, Value[]>> {
  const values = new Map<string, Value[]>()
  const failed = new Set<string>()
  for (let round = 1; round <= rounds; round++) {
    for (const { name, prepare, measure } of cases) {
      if (failed.has(name)) continue
      prepare?.()
      const value = await measure()
      if (value === undefined) failed.add(name)
      else values.set(name, [...(values.get(name) ?? []), value])
      process.stderr.write(`\r\u001b[Kround ${round} of ${rounds}: ${name}`)
    }
  }
  process.stderr.write('\r\u001b[K')
  return values
}

/** The middle one of some numbers; NaN of none. */
export function findMedian(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
