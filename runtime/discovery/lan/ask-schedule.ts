/**
 * When others are asked for first, in milliseconds, at random (RFC 6762, section 5.2): those who hear this peer announced greet it
 * before, and need not answer.
 */
const FIRST_ASK_MS = { min: 20, max: 120 }

/** When they are asked for again, in milliseconds after the time before, and how often from then on. */
const ASK_AFTER_MS = [250, 1_000, 4_000]
const ASK_INTERVAL_MS = 60_000

/** How long to wait for a round of asking, after the one before, in milliseconds; the first is 0. */
export function pickAskDelayMs(round: number): number {
  return round === 0 ? pickMs(FIRST_ASK_MS) : (ASK_AFTER_MS[round - 1] ?? ASK_INTERVAL_MS)
}

/** Whether a round is one of those in which everybody asks, though others have. */
export function isEarlyRound(round: number): boolean {
  return round <= ASK_AFTER_MS.length
}

/** A time between two, at random. */
export function pickMs({ min, max }: { readonly min: number; readonly max: number }): number {
  return min + Math.random() * (max - min)
}
