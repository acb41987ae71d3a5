import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { readEnvironment } from '../../../runtime/peer/environment.js'
import { readSettings } from '../../../runtime/peer/peer-options.js'
import { Handlers } from '../behaviour/handlers.js'
import { silent } from '../behaviour/harness.js'

const KEY = 'a key of sixteen characters and more'

describe('peers at given addresses', () => {
  const registries: string[] = []
  const peers: Peer[] = []

  beforeEach(async () => {
    for (const name of ['one', 'two']) registries.push(await mkdtemp(join(tmpdir(), `netgen-registry-${name}-`)))
  })
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.close()))
    await Promise.all(registries.splice(0).map((registry) => rm(registry, { recursive: true })))
  })

  /** A peer in one of two registries, so that peers of different ones do not find each other there. */
  async function start(registry: 0 | 1, options: PeerOptions = {}): Promise<Peer> {
    const peer = await createPeer({
      registry: registries[registry] ?? '',
      key: KEY,
      port: 0,
      logger: silent,
      ...options,
    })
    peers.push(peer)
    return peer
  }

  const at = ({ port }: Peer): string => `127.0.0.1:${port}`

  /** A port that is free, and stays so for a while. */
  async function findFreePort(): Promise<number> {
    const peer = await start(1)
    await peer.close()
    return peer.port
  }

  test('are found and called, by those who know the same key', async () => {
    const there = await start(1)
    there.connect(schema, new Handlers())
    const stranger = await start(1, { key: 'another key of sixteen characters' })
    const here = await start(0, { peers: [at(there), at(stranger)] })
    const [found] = await here.peers()
    expect(found).toMatchObject({ id: there.id, port: there.port })
    expect(await here.peers()).toHaveLength(1)
    expect(await here.connect(schema).add({ left: 1, right: 2 }, { peer: there.id })).toBe(3)
  })

  test('that the registry has too are one each, and this peer itself is none', async () => {
    const there = await start(0)
    const port = await findFreePort()
    const here = await start(0, { peers: [at(there), `localhost:${there.port}`, `127.0.0.1:${port}`], port })
    expect((await here.peers()).map(({ id }) => id)).toEqual([there.id])
  })

  test('whose name leads nowhere are warned of', async () => {
    const warned: string[] = []
    const warn = (message: string, fields?: object): void => {
      warned.push(`${message} ${JSON.stringify(fields)}`)
    }
    const here = await start(0, { peers: ['notes.invalid:3010'], logger: { ...silent, warn } })
    expect(await here.peers()).toEqual([])
    await expect
      .poll(() => warned, { timeout: 5_000 })
      .toEqual([
        expect.stringMatching(
          /^a name in peers was not found: check how it is written, and the name server of this machine \{"at":"notes\.invalid:3010","reason":"notes\.invalid:3010 /,
        ),
      ])
  })

  test('are seen when they come and go, also without a session, and under another id when they come again', async () => {
    const port = await findFreePort()
    const here = await start(0, { peers: [`127.0.0.1:${port}`] })
    const told: string[] = []
    const following = (async () => {
      for await (const { type, peer } of here.watch()) told.push(`${type} ${peer.id}`)
    })()
    const first = await start(1, { port })
    await expect.poll(() => told).toEqual([`joined ${first.id}`])
    await first.close()
    await expect.poll(() => told).toEqual([`joined ${first.id}`, `left ${first.id}`])
    const second = await start(1, { port })
    await expect.poll(() => told.slice(2)).toEqual([`joined ${second.id}`])
    await here.close()
    await following
  })
})

test('their addresses come from NET_PEERS unless an option says them', () => {
  const environment = readEnvironment({ NET_PEERS: '10.0.0.7:3010, [::1]:3011' })
  expect(readSettings({}, environment).discovery.peers).toEqual([
    { host: '10.0.0.7', port: 3010 },
    { host: '::1', port: 3011 },
  ])
  expect(readSettings({ peers: [] }, environment).discovery.peers).toEqual([])
  expect(() => readSettings({}, readEnvironment({ NET_PEERS: 'there' }))).toThrow(
    'NET_PEERS has "there", expected host:port, such as 192.0.2.7:3010',
  )
})
