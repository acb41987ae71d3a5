/** How often a peer says that it is there, in milliseconds, unless it was told otherwise. */
export const DEFAULT_BEAT_MS = 600

const MIN_BEAT_MS = 100
const MAX_BEAT_MS = 60_000

/** What `isBeatMs` lets pass, in words. */
export const BEAT_RANGE: string = `a whole number of milliseconds from ${MIN_BEAT_MS} to ${MAX_BEAT_MS}`

/** Whether a peer may say that it is there so often. */
export function isBeatMs(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= MIN_BEAT_MS && (value as number) <= MAX_BEAT_MS
}
