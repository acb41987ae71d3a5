import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspectEngine, nats } from 'netgen/nats'
import { createPeer, netgen, type Peer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { events } from '../../fixtures/behaviour/generated/events.js'
import { silent } from '../runtime/behaviour/harness.js'
import { type NatsCluster, startCluster } from './nats-cluster.js'
import { prepareNats } from './nats-server.js'

const problem = prepareNats()

describe.skipIf(problem !== undefined)(problem ?? 'peers at a cluster of three servers', () => {
  let registry: string
  let cluster: NatsCluster
  let peers: Peer[]

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    cluster = await startCluster()
    const options = { registry, port: 0, logger: silent }
    // Each names one server first, and that alone: it learns of the others there.
    peers = await Promise.all(cluster.urls.map((engine) => createPeer({ ...options, engine })))
  })
  afterAll(async () => {
    await Promise.all(peers.map((peer) => peer.close()))
    await cluster.stop()
    await rm(registry, { recursive: true })
  })

  /** What each peer gets of all others. */
  function callAll(): Promise<unknown[]> {
    return Promise.all(
      peers.map(async (peer) => {
        const results = await peer.connect(netgen).passThrough.all(peer.id)
        return results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason))
      }),
    )
  }

  test('find and call each other, whichever server each is at', async () => {
    await expect.poll(callAll, { timeout: 10_000 }).toEqual(peers.map(({ id }) => [id, id]))
  })

  test('are told that there is a cluster by whoever looks at it', async () => {
    expect(await inspectEngine(nats({ servers: cluster.urls }))).toMatchObject({ clusterAddresses: 3, missing: [] })
  })

  /** Of what each peer counts, what the two others have heard of it, and what they know to be missing. */
  const heard = new Map<string, { got: number[]; missed: number }[]>()
  let last = 0

  function emitAll(): Promise<unknown> {
    last++
    return Promise.all(peers.map((peer) => peer.connect(events).counted.emit(last)))
  }

  test('hear each other’s events in order, whichever server each is at', async () => {
    for (const peer of peers) {
      for (const other of peers.filter(({ id }) => id !== peer.id)) {
        const own = { got: [] as number[], missed: 0 }
        heard.set(other.id, [...(heard.get(other.id) ?? []), own])
        const onGap = ({ missed }: { missed: number }): void => {
          own.missed += missed
        }
        const handler = (count: number): void => void own.got.push(count)
        const subscription = await peer.connect(events).counted.subscribe(handler, { peers: [other.id], onGap })
        await expect.poll(() => subscription.peers.length, { timeout: 5_000 }).toBe(1)
      }
    }
    for (let count = 0; count < 2_000; count++) {
      const emitted = emitAll()
      if (count % 50 === 0) await emitted
    }
    const all = { got: Array.from({ length: 2_000 }, (_, index) => index + 1), missed: 0 }
    await expect.poll(() => [...heard.values()].flat(), { timeout: 5_000 }).toEqual(Array(6).fill(all))
  })

  test('go on where one of the servers has ended: its peers go to another', async () => {
    await cluster.kill(0)
    for (let count = 0; count < 10; count++) await emitAll()
    await expect.poll(callAll, { timeout: 15_000 }).toEqual(peers.map(({ id }) => [id, id]))
    expect(peers[0]?.describe()).toMatchObject({ engine: 'up' })
    const countAll = async (): Promise<number[]> => {
      await emitAll()
      return [...heard.values()].flat().map(({ got, missed }) => got.length + missed - last)
    }
    // What is emitted right now may still be on its way.
    await expect.poll(async () => Math.min(...(await countAll())), { timeout: 15_000 }).toBeGreaterThanOrEqual(-1)
    await expect
      .poll(() => [...heard.values()].flat().map(({ got, missed }) => got.length + missed))
      .toEqual(Array(6).fill(last))
    // Nobody was reached by what the peer at that server has emitted meanwhile.
    const missed = heard.get(peers[0]?.id ?? '')?.map((own) => own.missed > 0)
    expect(missed).toEqual([true, true])
    for (const { got } of [...heard.values()].flat()) expect(got).toEqual(got.toSorted((left, right) => left - right))
  })
})
