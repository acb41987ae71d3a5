import { expect } from 'vitest'

/**
 * Prints how long something took each time, and expects 19 of 20 to be within a limit: the twentieth may be the machine's, which
 * has other things to do.
 */
export function expectTimes(what: string, timesMs: readonly number[], limitMs: number): void {
  const sorted = timesMs.map(Math.round).sort((left, right) => left - right)
  const within = sorted.filter((timeMs) => timeMs <= limitMs)
  const [median, slowest] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
  console.log(`${what}: median ${median} ms, slowest ${slowest} ms of ${sorted.length}, limit ${limitMs} ms`)
  expect(sorted.length).toBeGreaterThan(0)
  expect(within.length / sorted.length, `${what}: ${sorted.join(', ')} ms`).toBeGreaterThanOrEqual(0.95)
}
