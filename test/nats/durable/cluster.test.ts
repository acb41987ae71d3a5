import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { describe, expect, test } from 'vitest'
import { startCluster } from '../nats-cluster.js'
import { prepareNats } from '../nats-server.js'
import { DurableProcesses } from './durable-processes.js'

const problem = prepareNats()

/** How many events are acknowledged before a server is killed, and after; `npm run soak` makes more of them. */
const EVENTS = Math.floor(Number(process.env['NETGEN_SOAK_EVENTS'] ?? 4_000) / 2)

describe.skipIf(problem !== undefined)(problem ?? 'durable events of a cluster', () => {
  test('are all handled where the server is killed that leads their stream', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netgen-cluster-'))
    const cluster = await startCluster((name) => `jetstream { store_dir: ${JSON.stringify(join(folder, name))} }`)
    const processes = new DurableProcesses(folder, { ENGINE: cluster.urls.join(','), REPLICAS: '3' })
    const growBy = (count: number): Promise<void> => {
      const aim = processes.countAcknowledged() + count
      return expect.poll(() => processes.countAcknowledged(), { timeout: 60_000 }).toBeGreaterThanOrEqual(aim)
    }
    try {
      await Promise.all([processes.start('work'), processes.start('ledger'), processes.start('publisher')])
      await growBy(EVENTS)
      const connection = await connect({ servers: cluster.urls.map((url) => url.replace('nats://', '')) })
      const { streams } = await jetstreamManager(connection)
      const { cluster: place, config } = await streams.info('ng_default')
      await connection.close()
      expect(config.num_replicas).toBe(3)
      const killedAtMs = performance.now()
      await cluster.kill(['one', 'two', 'three'].indexOf(place?.leader ?? ''))
      await growBy(1)
      console.log(`acknowledged again after ${Math.round(performance.now() - killedAtMs)} ms`)
      await growBy(EVENTS)
      expect(await processes.end('publisher')).toBe(0)
      await expect.poll(() => processes.balance().lost.length, { timeout: 60_000, interval: 200 }).toBe(0)
      const { acknowledged, duplicates, isOrdered } = processes.balance()
      console.log(`${acknowledged} acknowledged, ${duplicates} handled twice`)
      expect(isOrdered).toBe(true)
    } finally {
      processes.killAll()
      await cluster.stop()
      await rm(folder, { recursive: true })
    }
  }, 180_000)
})
