import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspectEngine, nats } from 'netgen/nats'
import { createPeer, netgen, type Peer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

  test('go on where one of the servers has ended: its peers go to another', async () => {
    await cluster.kill(0)
    await expect.poll(callAll, { timeout: 15_000 }).toEqual(peers.map(({ id }) => [id, id]))
    expect(peers[0]?.describe()).toMatchObject({ engine: 'up' })
  })
})
