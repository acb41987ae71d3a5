import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createPeer, NetgenError, netgen, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silent } from '../../behaviour/harness.js'

/** As many at once as have well over 8 MiB between them, both ways. */
const IN_FLIGHT = 250
const TEXT = 'x'.repeat(100_000)

/** Makes so many calls whose answers are as long as their inputs, and repeats those that never left, or were not run. */
async function call(from: Peer, to: Peer, calls: number): Promise<void> {
  const { passThrough } = from.connect(netgen)
  let left = calls
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      try {
        expect(await passThrough(TEXT, { peer: to.id, timeoutMs: 10_000 })).toBe(TEXT)
      } catch (error) {
        if (!(error instanceof NetgenError) || error.code !== 'resource_exhausted' || error.maybeExecuted) throw error
        left++
        await delay(20 + 30 * Math.random())
      }
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
}

describe('long calls with long answers, more of them at once than may wait to leave', () => {
  let registry: string
  let here: Peer
  let there: Peer

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    here = await createPeer({ registry, port: 0, logger: silent })
    there = await createPeer({ registry, port: 0, logger: silent })
    await here.connect(netgen).passThrough('', { peer: there.id })
  })
  afterEach(async () => {
    await Promise.all([here.close(), there.close()])
    await rm(registry, { recursive: true })
  })

  test.each([
    ['from who has dialled', () => [call(here, there, 500)]],
    ['from who was dialled', () => [call(there, here, 500)]],
    ['both ways', () => [call(here, there, 500), call(there, here, 500)]],
  ])(
    '%s are all answered',
    async (_, begin) => {
      await Promise.all(begin())
    },
    20_000,
  )
})
