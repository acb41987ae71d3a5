import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { createPeer, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../fixtures/behaviour/generated/streams.js'
import { VERSION } from '../../runtime/version.js'
import { encodeTag } from '../../runtime/wire/tag.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { StreamHandlers } from '../runtime/behaviour/stream-handlers.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

describe.skipIf(problem !== undefined)(problem ?? 'peers as services of NATS', () => {
  let registry: string
  let server: NatsServer
  let client: NatsConnection
  const peers: Peer[] = []

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    server = await startNats()
    client = await connect({ servers: server.url })
  })
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.close()))
  })
  afterAll(async () => {
    await client.close()
    await server.stop()
    await rm(registry, { recursive: true })
  })

  async function start(options: PeerOptions = {}): Promise<Peer> {
    const peer = await createPeer({ engine: server.url, registry, port: 0, logger: silent, ...options })
    peers.push(peer)
    return peer
  }

  /** What all answer who hear a subject: as many as there are. */
  async function ask(subject: string, count: number): Promise<Record<string, unknown>[]> {
    const answers: Record<string, unknown>[] = []
    const replies = await client.requestMany(subject, '', { strategy: 'count', maxMessages: count, maxWait: 5_000 })
    for await (const reply of replies) answers.push(reply.json())
    return answers
  }

  test('answer to all, to those of their group, and to one alone', async () => {
    const [one, other, third] = [await start(), await start(), await start({ group: 'a group', hub: true })]
    const head = ({ id, host, port }: Peer, name: string, group: string, hub = 'false'): object => ({
      type: 'io.nats.micro.v1.ping_response',
      name,
      id,
      version: VERSION,
      metadata: { group, hub, host, port: String(port) },
    })
    const [first, second] = [head(one, 'netgen-default', 'default'), head(other, 'netgen-default', 'default')]
    const last = head(third, 'netgen-a_group-7058b14e', 'a group', 'true')
    expect(await ask('$SRV.PING', 3)).toEqual(expect.arrayContaining([first, second, last]))
    expect(await ask('$SRV.PING.netgen-default', 2)).toEqual(expect.arrayContaining([first, second]))
    expect(await ask(`$SRV.PING.netgen-a_group-7058b14e.${third.id}`, 1)).toEqual([last])
    const gone = await catchError(client.request(`$SRV.PING.netgen-default.${third.id}`))
    expect(gone).toMatchObject({ message: expect.stringContaining('no responders') })
  })

  test('name what can be called, and where', async () => {
    const there = await start()
    there.connect(schema, new Handlers())
    const [info] = await ask(`$SRV.INFO.netgen-default.${there.id}`, 1)
    expect(info).toMatchObject({ type: 'io.nats.micro.v1.info_response', description: 'peers of default, by netgen' })
    const { endpoints } = info as { endpoints: { name: string; subject: string }[] }
    const add = endpoints.find(({ name }) => name === 'schema_add')
    expect(add).toEqual({
      name: 'schema_add',
      subject: 'ng.default.q.schema.add',
      queue_group: 'netgen',
      metadata: { tag: 'schema.add', peer_subject: `ng.default.p.${there.id}.${encodeTag('schema.add')}` },
    })
    // What each peer says of itself is asked of one.
    expect(endpoints.find(({ name }) => name === 'netgen_info')).toMatchObject({
      subject: `ng.default.p.${there.id}.${encodeTag('netgen.info')}`,
      queue_group: '',
    })
    expect((await client.request(add?.subject ?? '', '{"left":1,"right":2}')).string()).toBe('3')
  })

  test('count what was called, what failed, and how long it took', async () => {
    const startedAtMs = Date.now()
    const there = await start()
    there.connect(schema, new Handlers())
    there.connect(streams, new StreamHandlers())
    const here = await start()
    const stub = here.connect(schema)
    await stub.add({ left: 1, right: 2 }, { peer: there.id })
    await stub.add({ left: 1, right: 2 }, { peer: there.id })
    await stub.wait({ ms: 20 }, { peer: there.id })
    await catchError(stub.fail('TypeError', { peer: there.id }))
    for await (const _ of here.connect(streams).count({ many: 3 }, { peer: there.id }));
    const [stats] = await ask(`$SRV.STATS.netgen-default.${there.id}`, 1)
    expect(stats).toMatchObject({ type: 'io.nats.micro.v1.stats_response', id: there.id })
    const { started, endpoints } = stats as { started: string; endpoints: Record<string, number>[] }
    expect(Date.parse(started)).toBeGreaterThanOrEqual(startedAtMs)
    expect(started).toMatch(/Z$/)
    const find = (name: string): Record<string, number> =>
      endpoints.find((endpoint) => String(endpoint['name']) === name) ?? {}
    expect(find('schema_add')).toEqual({
      name: 'schema_add',
      subject: 'ng.default.q.schema.add',
      queue_group: 'netgen',
      num_requests: 2,
      num_errors: 0,
      last_error: '',
      processing_time: expect.any(Number),
      average_processing_time: expect.any(Number),
    })
    const { processing_time: total = 0, average_processing_time: average } = find('schema_add')
    expect(average).toBe(Math.trunc(total / 2))
    expect(find('schema_wait')['processing_time']).toBeGreaterThan(15e6)
    expect(find('streams_count')).toMatchObject({ num_requests: 1, num_errors: 0 })
    expect(find('schema_echo')).toMatchObject({ num_requests: 0, processing_time: 0, average_processing_time: 0 })
  })

  test('leave out endpoints for which there is no room in a message', async () => {
    const small = await startNats('max_payload: 4KB')
    onTestFinished(() => small.stop())
    const there = await start({ engine: small.url })
    there.connect(schema, new Handlers())
    there.connect(streams, new StreamHandlers())
    const other = await connect({ servers: small.url })
    const info = (await other.request('$SRV.STATS')).json()
    await Promise.all([other.close(), there.close()])
    const { endpoints, metadata } = info as { endpoints: unknown[]; metadata: Record<string, string> }
    expect(endpoints.length + Number(metadata['endpoints_left_out'])).toBe(there.connections.size)
    expect(Number(metadata['endpoints_left_out'])).toBeGreaterThan(0)
  })
})
