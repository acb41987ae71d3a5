import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readClockMs } from '../e2e/network/network-peer.js'
import { type AskingProcess, startAsking } from './asking-process.js'
import type { Asked } from './asking-program.js'
import { type NatsCluster, startCluster } from './nats-cluster.js'
import { prepareNats } from './nats-server.js'

const problem = prepareNats()

/** How long calls are made after a server has ended, in milliseconds. */
const AFTER_MS = 4_000

/** How long no call may be answered where a server ends, in milliseconds: those that were under way over it are repeated. */
const PAUSE_LIMIT_MS = 3_000

describe.skipIf(problem !== undefined)(problem ?? 'three servers, of which one is killed under load', () => {
  let registry: string
  let cluster: NatsCluster
  let answering: AskingProcess[]
  let asking: AskingProcess[]

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    cluster = await startCluster()
    // Each begins at a server of its own, and learns of the others there.
    const start = (index: number, more: Record<string, string> = {}): Promise<AskingProcess> =>
      startAsking({ NET_ENGINE: cluster.urls[index] ?? '', NET_REGISTRY: registry, ...more })
    answering = await Promise.all([0, 1, 2].map((index) => start(index)))
    asking = await Promise.all([0, 1].map((index) => start(index, { ASKS: '1' })))
  })
  afterAll(async () => {
    await Promise.all([...answering, ...asking].map((process) => process.kill()))
    await cluster.stop()
    await rm(registry, { recursive: true })
  })

  async function readAll(): Promise<Asked[]> {
    return (await Promise.all(asking.map((process) => process.read()))).flat()
  }

  test('calls go on: no idempotent one fails, and all peers answer again', async () => {
    const ids = answering.map(({ id }) => id).sort()
    const before = new Set<string | undefined>()
    await expect
      .poll(async () => {
        for (const { by } of await readAll()) before.add(by)
        return [...before].sort()
      })
      .toEqual(ids)
    const killedAtMs = readClockMs()
    await cluster.kill(0)
    await sleep(AFTER_MS)
    const after = await readAll()
    const answeredMs = after.map(({ endedAtMs }) => endedAtMs - killedAtMs).sort((left, right) => left - right)
    const pauseMs = Math.max(...answeredMs.map((endedMs, index) => endedMs - (answeredMs[index - 1] ?? 0)))
    const slowestMs = Math.max(...after.map(({ startedAtMs, endedAtMs }) => endedAtMs - startedAtMs))
    console.log(`${after.length} calls; longest pause ${Math.round(pauseMs)} ms, slowest ${Math.round(slowestMs)} ms`)
    expect(after.filter((call) => call.problem !== undefined)).toEqual([])
    expect(pauseMs).toBeLessThan(PAUSE_LIMIT_MS)
    const late = after.filter(({ startedAtMs }) => startedAtMs - killedAtMs > AFTER_MS - 1_000)
    expect([...new Set(late.map(({ by }) => by))].sort()).toEqual(ids)
  }, 60_000)
})
