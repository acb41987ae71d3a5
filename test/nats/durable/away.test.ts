import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, NetgenError } from 'netgen/runtime'
import { describe, expect, test } from 'vitest'
import { orders } from '../../../fixtures/durable/generated/orders.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { prepareNats } from '../nats-server.js'
import { DurableProcesses } from './durable-processes.js'
import { startJetStream } from './jetstream-server.js'

const problem = prepareNats()

/** How long somebody is away, in milliseconds; `npm run soak` has it a minute. */
const AWAY_MS = Number(process.env['NETGEN_SOAK_AWAY_MS'] ?? 1_000)

const sleep = (timeMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeMs))

describe.skipIf(problem !== undefined)(problem ?? 'durable events have no gap', () => {
  test('where the server was away: emitting fails within 2 s, and works within 5 s of its return', async () => {
    const registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    const server = await startJetStream()
    const options = { engine: server.url, registry, port: 0, logger: silent }
    const [here, there] = await Promise.all([createPeer(options), createPeer(options)])
    const [{ placed }, { placed: read }] = [here.connect(orders), there.connect(orders)]
    const got: number[] = []
    await read.subscribe(({ number }) => void got.push(number), { name: 'ledger', from: 'all', ordered: true })
    const failures: { readonly error: NetgenError; readonly tookMs: number }[] = []
    let acknowledged = 0
    let isOver = false
    const emitting = (async () => {
      for (let number = 0; !isOver; ) {
        const beganAtMs = performance.now()
        try {
          await placed.emit({ number, cents: 1n }, { id: `${number}` })
          acknowledged = ++number
        } catch (error) {
          failures.push({ error: error as NetgenError, tookMs: performance.now() - beganAtMs })
          await sleep(20)
        }
      }
    })()
    await expect.poll(() => acknowledged).toBeGreaterThan(500)
    await server.kill()
    await expect.poll(() => failures.length, { timeout: 10_000 }).toBeGreaterThan(0)
    await sleep(AWAY_MS)
    const [before, readBefore] = [acknowledged, got.length]
    await server.restart()
    const backAtMs = performance.now()
    await expect.poll(() => acknowledged, { timeout: 20_000, interval: 20 }).toBeGreaterThan(before)
    await expect.poll(() => got.length, { timeout: 20_000, interval: 20 }).toBeGreaterThan(readBefore)
    const backMs = performance.now() - backAtMs
    await expect.poll(() => acknowledged).toBeGreaterThan(before + 500)
    isOver = true
    await emitting
    await expect.poll(() => new Set(got).size).toBe(acknowledged)
    expect([...new Set(got)]).toEqual(Array.from({ length: acknowledged }, (_, number) => number))
    const slowestMs = Math.max(...failures.map(({ tookMs }) => tookMs))
    console.log(`slowest failure ${slowestMs} ms, back within ${backMs} ms, ${got.length - acknowledged} handled twice`)
    expect(failures.every(({ error }) => error instanceof NetgenError && error.code === 'unavailable')).toBe(true)
    expect(slowestMs).toBeLessThan(2_000)
    expect(backMs).toBeLessThan(5_000)
    await Promise.all([here.close(), there.close()])
    await server.stop()
    await rm(registry, { recursive: true })
  }, 200_000)

  test('where the subscriber was away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netgen-away-'))
    const server = await startJetStream()
    // Once an acknowledgement was lost, this server hands out some 1,000 events a second, to any client: a few have to do.
    const processes = new DurableProcesses(folder, { ENGINE: server.url, UNDER_WAY: '1' })
    try {
      await Promise.all([processes.start('work'), processes.start('ledger'), processes.start('publisher')])
      await expect.poll(() => processes.balance().acknowledged, { timeout: 20_000 }).toBeGreaterThan(1_000)
      await Promise.all([processes.kill('work'), processes.kill('ledger')])
      await sleep(AWAY_MS)
      await expect.poll(() => processes.balance().lost.length, { timeout: 20_000 }).toBeGreaterThan(100)
      await processes.end('publisher')
      await Promise.all([processes.start('work'), processes.start('ledger')])
      await expect.poll(() => processes.balance().lost.length, { timeout: 120_000, interval: 500 }).toBe(0)
      expect(processes.balance().isOrdered).toBe(true)
    } finally {
      processes.killAll()
      await server.stop()
      await rm(folder, { recursive: true })
    }
  }, 300_000)
})
