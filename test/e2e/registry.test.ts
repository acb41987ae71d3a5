import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../fixtures/behaviour/generated/schema.js'
import { type PeerFile, printPeerFile } from '../../runtime/discovery/local/peer-file.js'
import { readLoopbackScope } from '../../runtime/discovery/local/registry-folder.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { startBarePeer } from './start-bare-peer.js'

describe('a registry in which others left files', () => {
  let registry: string
  let here: Peer
  let stub: SchemaStub

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    here = await createPeer({ registry, port: 0, logger: silent })
    stub = here.connect(schema)
  })
  afterEach(async () => {
    await here.close()
    await rm(registry, { recursive: true })
  })

  const listFiles = (): Promise<string[]> => readdir(join(registry, 'peers'))

  /** Writes the file of a peer whose process cannot be seen from here, as one of another container. */
  async function leave(id: string, port: number): Promise<PeerFile['peer']> {
    const peer = { id, host: '127.0.0.1', port, group: here.group, hub: false }
    const process = { pid: 1, namespace: 'pid:[0]', begin: '' }
    const text = printPeerFile({ peer, startedAtMs: 1, scope: readLoopbackScope(), process })
    await writeFile(join(registry, 'peers', `${id}.json`), text)
    return peer
  }

  test('two peers with one port over time are two: the first is gone, and a call for it is refused', async () => {
    const there = await createPeer({ registry, port: 0, logger: silent })
    const old = await leave('0123456789abcdef', there.port)
    expect((await here.peers()).map(({ id }) => id)).toEqual([there.id])
    expect((await listFiles()).sort()).toEqual([`${here.id}.json`, `${there.id}.json`].sort())
    expect(await catchError(stub.greet({ peer: old }))).toMatchObject({
      code: 'unavailable',
      maybeExecuted: false,
      message: `peer ${old.id} is gone: at 127.0.0.1:${there.port} is ${there.id} now`,
    })
    await there.close()
  })

  test('a peer that is started again on its port leaves as one and joins as another', async () => {
    const told: string[] = []
    const following = (async () => {
      for await (const { type, peer } of here.watch()) told.push(`${type} ${peer.id}`)
    })()
    const env = { NET_PORT_START: '3920', NET_PORT_RANGE: '0' }
    const first = await startBarePeer(registry, env)
    await expect.poll(() => told).toEqual([`joined ${first.id}`])
    await first.kill()
    const second = await startBarePeer(registry, env)
    await expect.poll(() => told).toEqual([`joined ${first.id}`, `left ${first.id}`, `joined ${second.id}`])
    await second.kill()
    await here.close()
    await following
  })

  test('a thousand of them, of whom only their addresses tell that they are gone, hold up nobody for seconds', async () => {
    const there = await createPeer({ registry, port: 0, logger: silent })
    const vacated = await createPeer({ registry, port: 0, logger: silent })
    await vacated.close()
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => leave(`stale${index}`, vacated.port)))
    const beganAtMs = performance.now()
    expect((await here.peers()).map(({ id }) => id)).toEqual([there.id])
    expect(performance.now() - beganAtMs).toBeLessThan(3_000)
    expect((await listFiles()).sort()).toEqual([`${here.id}.json`, `${there.id}.json`].sort())
    await there.close()
  })
})
