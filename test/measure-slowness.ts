/** What the yardstick takes on the slowest processor that the promises of times were measured on, while it has nothing else to do, in milliseconds. */
const YARDSTICK_MS = 12

const TEXT = JSON.stringify(
  Array.from({ length: 20_000 }, (_, id) => ({ id, name: `n${id}`, ok: true, third: id / 3 })),
)

/**
 * How many times longer this machine takes now than those on which promises of times were measured, at least 1: a processor may be slower, or
 * share its core with somebody else's work. For limits on what is computed, not on what is waited for.
 */
export function measureSlowness(): number {
  let leastMs = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 5; tries++) {
    const beganAtMs = performance.now()
    JSON.stringify(JSON.parse(TEXT))
    leastMs = Math.min(leastMs, performance.now() - beganAtMs)
  }
  return Math.max(1, leastMs / YARDSTICK_MS)
}
