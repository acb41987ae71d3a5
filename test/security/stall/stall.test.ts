import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureSlowness } from '../../measure-slowness.js'
import { exchangeBytes } from '../fuzz/exchange-bytes.js'
import { write, writeUpgrade } from '../fuzz/requests.js'
import { startTarget, type Target } from '../target/start-target.js'
import { COSTLY_FORMATS, EXCESS_FORMATS } from './costly-formats.js'
import { COSTLY_FRAMES } from './costly-frames.js'
import { COSTLY_INPUTS, type CostlyInput, createText } from './costly-inputs.js'

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
  // The first call loads its checks, which can take longer than a connection stays that was half closed.
  for (const tag of new Set([...COSTLY_INPUTS, ...COSTLY_FORMATS].map((input) => input.tag)))
    await exchangeBytes(target.port, writeCall({ what: 'nothing', tag, body: () => '{}' }))
})
afterAll(async () => {
  await target.stop()
})

/** The least for which the target stood still while it read such bytes, as on a machine that is as fast as promised, and what it answered. */
async function measureStall(create: () => Buffer): Promise<{ readonly leastMs: number; readonly received: string }> {
  let leastMs = Number.POSITIVE_INFINITY
  let received = ''
  for (let tries = 0; tries < TRIES && leastMs >= MAX_STALL_MS; tries++) {
    const bytes = create()
    await target.stall()
    received = (await exchangeBytes(target.port, bytes)).received
    await target.pulse()
    const stallMs = await target.stall()
    leastMs = Math.min(leastMs, stallMs < MAX_STALL_MS ? stallMs : stallMs / measureSlowness())
  }
  return { leastMs, received }
}

function writeCall(input: CostlyInput): Buffer {
  const text = createText(input)
  const head = [
    `POST /netgen/v1/${input.tag} HTTP/1.1`,
    `host: 127.0.0.1:${target.port}`,
    `authorization: Bearer ${target.token}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
  ]
  return write(head, text)
}

test.each(COSTLY_INPUTS)('$what do not stall a peer', async (input) => {
  const { leastMs, received } = await measureStall(() => writeCall(input))
  expect(received).toMatch(input.isLetIn ? /^HTTP\/1\.1 20[04] / : /^HTTP\/1\.1 \d{3} /)
  expect(leastMs).toBeLessThan(MAX_STALL_MS)
})

test.each(COSTLY_FORMATS)('$what pass, and do not stall a peer', async (input) => {
  const { leastMs, received } = await measureStall(() => writeCall(input))
  expect(received).toMatch(/^HTTP\/1\.1 20[04] /)
  expect(leastMs).toBeLessThan(MAX_STALL_MS)
})

test.each(EXCESS_FORMATS)('$what are refused, and do not stall a peer', async (input) => {
  const { leastMs, received } = await measureStall(() => writeCall(input))
  expect(received).toMatch(/^HTTP\/1\.1 400 /)
  expect(received).toContain(
    ' is more than one value may have, 50000 URLs and byte strings, or 100000 items of sets and maps: send it in parts',
  )
  expect(leastMs).toBeLessThan(MAX_STALL_MS)
})

test.each(COSTLY_FRAMES)('$what over a session do not stall a peer', async ({ bytes }) => {
  const upgrade = write(writeUpgrade(target.port, target.token, target.id))
  const all = Buffer.concat([upgrade, bytes()])
  const { leastMs } = await measureStall(() => all)
  expect(leastMs).toBeLessThan(MAX_STALL_MS)
})
