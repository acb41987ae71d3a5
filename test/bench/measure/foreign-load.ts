import { existsSync, readFileSync } from 'node:fs'

/** Linux' own count of what all processors did. */
const STAT = '/proc/stat'
const hasStat = existsSync(STAT)
const TICK_MICROS = 10_000

/** What all processes together have used of all processors, in microseconds; 0 where the system cannot tell. */
export function readBusyMicros(): number {
  if (!hasStat) return 0
  // user, nice, system: the first line is the sum of all processors.
  const [user = 0, nice = 0, system = 0] =
    readFileSync(STAT, 'utf8').split('\n', 1)[0]?.trim().split(/\s+/).slice(1).map(Number) ?? []
  return (user + nice + system) * TICK_MICROS
}

/** How many processors something else kept busy during a time of which `ownMicros` were one's own. */
export function countForeign(busyMicros: number, ownMicros: number, tookMs: number): number {
  return Math.max(0, (busyMicros - ownMicros) / (tookMs * 1_000))
}
