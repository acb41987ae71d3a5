import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, headers, type NatsConnection } from '@nats-io/transport-node'
import { listPermissions } from 'netgen/nats'
import { createPeer, type Logger, type Peer } from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { events } from '../../fixtures/behaviour/generated/events.js'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../fixtures/behaviour/generated/streams.js'
import { orders } from '../../fixtures/durable/generated/orders.js'
import { printIdentity } from '../../runtime/transport/nats/identity-record.js'
import { nameService } from '../../runtime/transport/nats/services/service-records.js'
import { encodeTag } from '../../runtime/wire/tag.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { StreamHandlers } from '../runtime/behaviour/stream-handlers.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

const GROUPS = { ann: 'notes', bob: 'a group' }

/** Users who lack one thing each, and what a peer of theirs is told at its start. */
const LACKING: Readonly<Record<string, readonly [permissions: object, problem: RegExp]>> = {
  deaf: [
    { publish: ['ng.notes.>'], subscribe: ['ng.notes.i.>', 'ng.notes.beat'] },
    /^the engine does not permit this peer to hear ng\.notes\.p\.\w{16}\.\$who: permit it to its user; `netgen doctor --group name --permissions` prints all that a group needs$/,
  ],
  unanswered: [
    { publish: ['ng.notes.>'], subscribe: { allow: ['ng.notes.>'], deny: ['ng.notes.i.>'] } },
    /^the engine does not permit this peer to hear ng\.notes\.i\.\w{16}: permit ng\.notes\.> to its user, to publish and to subscribe$/,
  ],
  unaware: [
    { publish: ['ng.notes.>'], subscribe: { allow: ['ng.notes.>'], deny: ['ng.notes.beat'] } },
    /^the engine does not permit this peer to hear ng\.notes\.beat: permit ng\.notes\.> to its user, to publish and to subscribe$/,
  ],
  mute: [
    { publish: ['ng.other.>'], subscribe: ['ng.notes.>'] },
    /^the engine does not permit this peer to publish to ng\.notes\.beat: permit ng\.notes\.> to its user, to publish and to subscribe$/,
  ],
  linkless: [
    { publish: { allow: ['ng.notes.>'], deny: ['ng.notes.l.>'] }, subscribe: ['ng.notes.>'] },
    /^the engine does not permit this peer to publish to ng\.notes\.l\.\w{16}\.probe: permit ng\.notes\.> to its user, to publish and to subscribe$/,
  ],
  eventless: [
    { publish: ['ng.notes.>'], subscribe: { allow: ['ng.notes.>'], deny: ['ng.notes.e.>'] } },
    /^the engine does not permit this peer to hear ng\.notes\.e\.\w{16}\.cHJvYmU: permit ng\.notes\.> to its user, to publish and to subscribe$/,
  ],
  silenced: [
    { publish: { allow: ['ng.notes.>'], deny: ['ng.notes.e.>'] }, subscribe: ['ng.notes.>'] },
    /^the engine does not permit this peer to publish to ng\.notes\.e\.\w{16}\.cHJvYmU: permit ng\.notes\.> to its user, to publish and to subscribe$/,
  ],
}

describe.skipIf(problem !== undefined)(problem ?? 'users of an engine who may act in one group', () => {
  let registry: string
  let server: NatsServer
  let peers: Peer[] = []
  let clients: NatsConnection[] = []

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    const users = [
      ...Object.entries(GROUPS).map(([user, group]) => ({ user, password: user, permissions: listPermissions(group) })),
      ...Object.entries(LACKING).map(([user, [permissions]]) => ({ user, password: user, permissions })),
      { user: 'dora', password: 'dora', permissions: listPermissions('shop', { durable: true }) },
      { user: 'root', password: 'root' },
    ]
    server = await startNats(
      `jetstream { store_dir: ${JSON.stringify(join(registry, 'store'))} }
      authorization: { users: ${JSON.stringify(users)} }`,
    )
  })
  afterEach(async () => {
    await Promise.all(peers.map((peer) => peer.close()))
    await Promise.all(clients.map((client) => client.close()))
    peers = []
    clients = []
  })
  afterAll(async () => {
    await server.stop()
    await rm(registry, { recursive: true })
  })

  async function start(user: string, group: string, logger: Logger = silent): Promise<Peer> {
    const engine = server.url.replace('//', `//${user}:${user}@`)
    const peer = await createPeer({ engine, group, registry, port: 0, logger })
    peers.push(peer)
    return peer
  }

  async function open(user: string): Promise<NatsConnection> {
    const client = await connect({ servers: server.url, user, pass: user, inboxPrefix: '_INBOX' })
    clients.push(client)
    return client
  }

  test.each(Object.entries(GROUPS))('%s calls, streams and hears events in its own', async (user, group) => {
    const there = await start(user, group)
    there.connect(schema, new Handlers())
    there.connect(streams, new StreamHandlers())
    const publisher = there.connect(events)
    const here = await start(user, group)
    expect((await here.peers()).map(({ id }) => id)).toEqual([there.id])
    expect(await here.connect(schema).add({ left: 1, right: 2 }, { peer: there.id })).toBe(3)
    const counted: number[] = []
    for await (const count of here.connect(streams).count({ many: 3 }, { peer: there.id })) counted.push(count)
    expect(counted).toEqual([0, 1, 2])
    const got: number[] = []
    const subscription = await here.connect(events).counted.subscribe((count) => void got.push(count))
    await expect.poll(() => subscription.peers.length).toBe(1)
    await publisher.counted.emit(1)
    await expect.poll(() => got).toEqual([1])
  })

  test('has durable events with what is printed for those', async () => {
    const [shop, accounting] = [await start('dora', 'shop'), await start('dora', 'shop')]
    const { placed } = shop.connect(orders)
    const got: number[] = []
    const subscription = await accounting
      .connect(orders)
      .placed.subscribe(({ number }) => void got.push(number), { name: 'accounting' })
    await placed.emit({ number: 7, cents: 1n })
    await expect.poll(() => got).toEqual([7])
    await subscription.close()
    expect(await accounting.connect(orders).placed.forget('accounting')).toBe(true)
  })

  test('says nothing in the log of what it may not, as long as nobody wants that', async () => {
    const said: unknown[] = []
    const log = (...entry: unknown[]): void => void said.push(entry)
    await start('ann', 'notes', { debug() {}, info: log, warn: log, error: log })
    await start('ann', 'notes')
    expect(said).toEqual([])
  })

  test('sees and calls nobody in another group', async () => {
    const other = await start('bob', 'a group')
    const handlers = new Handlers()
    other.connect(schema, handlers)
    const here = await start('ann', 'notes')
    expect(await here.peers({ groups: ['a group'] })).toEqual([])
    const target = { id: other.id, group: 'a group', hub: false, host: other.host, port: other.port }
    const error = await catchError(here.connect(schema).add({ left: 1, right: 2 }, { peer: target, retryMs: 0 }))
    expect(error).toMatchObject({ code: 'permission_denied', maybeExecuted: false })
    expect(error.message).toMatch(/ does not permit /)
    expect(handlers.ran).toEqual([])
  })

  test('hears nothing of another group, and feigns nobody there', async () => {
    const there = await start('bob', 'a group')
    const handlers = new Handlers()
    there.connect(schema, handlers)
    const here = await start('bob', 'a group')
    const stub = here.connect(schema)
    const intruder = await open('ann')
    const heard: string[] = []
    const refused: string[] = []
    const hidden = 'ng.~YSBncm91cA'
    const wanted = ['>', 'ng.>', 'ng.*.beat', `${hidden}.>`, `${hidden}.i.>`, '_INBOX.>', '$SYS.>']
    for (const subject of wanted) {
      intruder.subscribe(subject, {
        callback: (error, { subject: found }) => void (error === null ? heard.push(found) : refused.push(subject)),
      })
    }
    await intruder.flush()
    expect(refused).toEqual(wanted)
    expect(await stub.add({ left: 1, right: 2 }, { peer: there.id })).toBe(3)
    const goodbye = { kind: 'goodbye', peer: { ...there.describe(), id: there.id, versions: {} } }
    intruder.publish(`${hidden}.beat`, JSON.stringify(goodbye))
    intruder.publish(`${hidden}.p.${there.id}.${encodeTag('schema.add')}`, '{"left":1,"right":2}')
    await intruder.flush()
    expect((await here.peers()).map(({ id }) => id)).toEqual([there.id])
    expect(handlers.ran).toEqual(['add'])
    expect(heard).toEqual([])
  })

  test('nobody of another group reaches it by an answer to a request of its own', async () => {
    const there = await start('bob', 'a group')
    const handlers = new Handlers()
    there.connect(schema, handlers)
    const here = await start('bob', 'a group')
    const stub = here.connect(schema)
    const intruder = await open('ann')
    const refused: string[] = []
    void (async () => {
      for await (const status of intruder.status())
        if (status.type === 'error') refused.push(/"(.*)"/.exec(status.error.message)?.[1] ?? '')
    })()
    const named = headers()
    named.append('netgen-caller', here.id)
    named.append('netgen-caller-group', 'a group')
    const feigned = printIdentity({ id: 'feigned', group: 'a group', hub: true, host: 'nowhere', port: 1 })
    const attacks = [
      [`ng.~YSBncm91cA.p.${there.id}.${encodeTag('schema.add')}`, '{"left":1,"right":2}'],
      ['ng.~YSBncm91cA.beat', `{"kind":"beat","peer":${feigned}}`],
    ] as const
    let looped = 0
    for (const [subject, text] of attacks) {
      intruder.subscribe(`ng.notes.loop${subject.length}`, {
        callback: (_, { reply = '' }) => {
          looped++
          intruder.publish(reply, text, { reply: 'ng.notes.i.answer', headers: named })
        },
      })
      intruder.publish(`ng.notes.loop${subject.length}`, '', { reply: subject })
    }
    await expect.poll(() => looped).toBe(2)
    await expect.poll(() => refused).toEqual(attacks.map(([subject]) => subject))
    expect((await here.peers()).map(({ id }) => id)).toEqual([there.id])
    expect(await stub.add({ left: 1, right: 2 }, { peer: there.id })).toBe(3)
    expect(handlers.ran).toEqual(['add'])
  })

  test('is listed as a service of its group, and hears nobody ask for those of another', async () => {
    const there = await start('bob', 'a group')
    const root = await open('root')
    const name = nameService('a group')
    for (const place of ['PING', `INFO.${name}`, `STATS.${name}.${there.id}`])
      expect((await root.request(`$SRV.${place}`)).json()).toMatchObject({ name, id: there.id })
    const intruder = await open('ann')
    const refused: string[] = []
    const wanted = ['$SRV.>', `$SRV.PING.${name}`, `$SRV.INFO.${name}.${there.id}`]
    for (const subject of wanted) {
      intruder.subscribe(subject, { callback: (error) => void (error === null ? undefined : refused.push(subject)) })
    }
    await intruder.flush()
    expect(refused).toEqual(wanted)
  })

  test('answers a client of NATS who may ask, and wants its answer where clients do', async () => {
    const there = await start('ann', 'notes')
    there.connect(schema, new Handlers())
    const subject = `ng.notes.p.${there.id}.${encodeTag('schema.add')}`
    const answer = await (await open('root')).request(subject, '{"left":1,"right":2}')
    expect(answer.string()).toBe('3')
  })

  test.each(Object.entries(LACKING))('is told at its start what it lacks: %s', async (user, [, message]) => {
    const error = await catchError(start(user, 'notes'))
    expect(error).toMatchObject({ code: 'permission_denied', message: expect.stringMatching(message) })
  })
})
