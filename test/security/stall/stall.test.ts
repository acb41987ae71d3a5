import { afterAll, beforeAll, expect, test } from 'vitest'
import { exchangeBytes } from '../fuzz/exchange-bytes.js'
import { write, writeUpgrade } from '../fuzz/requests.js'
import { startTarget, type Target } from '../target/start-target.js'
import { COSTLY_FRAMES } from './costly-frames.js'
import { COSTLY_INPUTS } from './costly-inputs.js'

/** For how long a request of at most 1 MiB may keep a peer from everything else, in milliseconds. */
const MAX_STALL_MS = 50
/**
 * Of so many the best one counts: code is compiled in the first, garbage is collected in some, and a processor that is shared is slow
 * in others. What stalls a peer stalls it in each.
 */
const TRIES = 8

let target: Target
beforeAll(async () => {
  target = await startTarget()
})
afterAll(async () => {
  await target.stop()
})

/**
 * How long it may be for a text. Of many short keys JSON.parse alone takes half of that, which no code of a peer's can cut short:
 * a processor that is shared may take longer for them.
 */
function findLimitMs(text: string): number {
  const times = Array.from({ length: TRIES }, () => {
    const beganAtMs = performance.now()
    try {
      JSON.parse(text)
    } catch {
      // What is no JSON is no JSON for the peer either.
    }
    return performance.now() - beganAtMs
  })
  return Math.max(MAX_STALL_MS, 3 * Math.min(...times))
}

/** The least for which the target stood still while it read the same bytes. */
async function measureStallMs(bytes: Buffer, limitMs: number): Promise<number> {
  let leastMs = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < TRIES && leastMs >= limitMs; tries++) {
    await target.stall()
    await exchangeBytes(target.port, bytes)
    await target.pulse()
    leastMs = Math.min(leastMs, await target.stall())
  }
  return leastMs
}

test.each(COSTLY_INPUTS)('$what do not stall a peer', async ({ tag, body }) => {
  const text = body()
  const head = [
    `POST /netgen/v1/${tag} HTTP/1.1`,
    `host: 127.0.0.1:${target.port}`,
    `authorization: Bearer ${target.token}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
  ]
  const limitMs = findLimitMs(text)
  expect(await measureStallMs(write(head, text), limitMs)).toBeLessThan(limitMs)
})

test.each(COSTLY_FRAMES)('$what over a session do not stall a peer', async ({ bytes }) => {
  const upgrade = write(writeUpgrade(target.port, target.token, target.id))
  expect(await measureStallMs(Buffer.concat([upgrade, bytes()]), MAX_STALL_MS)).toBeLessThan(MAX_STALL_MS)
})
