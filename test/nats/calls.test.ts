import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createInbox, headers, type NatsConnection } from '@nats-io/transport-node'
import { createPeer, type Peer, type PeerOptions, type RemotePeer } from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type SchemaStub, schema } from '../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../fixtures/behaviour/generated/streams.js'
import { sendGathered } from '../../runtime/transport/nats/client-parts.js'
import { printIdentity } from '../../runtime/transport/nats/identity-record.js'
import { encodeTag } from '../../runtime/wire/tag.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { StreamHandlers } from '../runtime/behaviour/stream-handlers.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

/** How often a contract on times is tried: the machine may be busy for one of them. */
const REPETITIONS = 5

class Greeting extends Handlers {
  greeting = 'hello'

  override greet(): string {
    this.ran.push('greet')
    return this.greeting
  }
}

const PERMISSIONS = 'permissions: { publish: { deny: "ng.default.p.*.c2NoZW1hLmdyZWV0" } }'

describe.skipIf(problem !== undefined)(problem ?? 'calls over an engine', () => {
  let registry: string
  let server: NatsServer
  let client: NatsConnection
  let handlers: Greeting
  let there: Peer
  let target: RemotePeer
  let stub: SchemaStub
  let here: Peer
  const peers: Peer[] = []

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    const users = `authorization: { users: [{ user: free, password: a }, { user: bound, password: a, ${PERMISSIONS} }] }`
    server = await startNats(`max_payload: 64KB\n${users}`)
    client = await connect({ servers: server.url, user: 'free', pass: 'a' })
  })
  afterAll(async () => {
    await client.close()
    await server.stop()
    await rm(registry, { recursive: true })
  })
  beforeEach(async () => {
    there = await start()
    handlers = new Greeting()
    there.connect(schema, handlers)
    here = await start()
    stub = here.connect(schema)
    const [found] = await here.peers()
    if (found === undefined) throw new Error('expected the other peer to be found')
    target = found
  })
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.close()))
  })

  async function start(user = 'free', options: PeerOptions = {}): Promise<Peer> {
    const engine = server.url.replace('//', `//${user}:a@`)
    const peer = await createPeer({ engine, registry, port: 0, logger: silent, ...options })
    peers.push(peer)
    return peer
  }

  const nameCall = (name: string): string => `ng.default.p.${there.id}.${encodeTag(`schema.${name}`)}`

  test('what the client of NATS has gathered leaves at once where it is told to', () => {
    const write = vi.spyOn(Socket.prototype, 'write')
    client.publish('anywhere', 'text')
    const before = write.mock.calls.length
    sendGathered(client)
    const after = write.mock.calls.length
    write.mockRestore()
    expect([before, after]).toEqual([0, 1])
  })

  test('a call is one message, and so is its answer: anybody who may use the engine can make it', async () => {
    const answer = await client.request(nameCall('add'), '{"left":1,"right":2}')
    expect([answer.string(), answer.headers]).toEqual(['3', undefined])
  })

  test('nobody who could answer is told within 100 ms', async () => {
    const tookMs: number[] = []
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const beganAtMs = performance.now()
      const error = await catchError(stub.greet({ peer: { ...target, id: `nobody-${repetition}` }, retryMs: 0 }))
      tookMs.push(performance.now() - beganAtMs)
      expect(error).toMatchObject({ code: 'unavailable', maybeExecuted: false })
    }
    expect(tookMs.toSorted((left, right) => left - right)[2]).toBeLessThan(100)
  })

  test('an answer goes to where answers go, and to no other subject: then nothing is run', async () => {
    const heard: unknown[] = []
    const foreign = ['somewhere.else', `ng.default.p.${there.id}.$who`, 'ng.default.beat', `${nameCall('greet')}`]
    client.subscribe('somewhere.else', { callback: (_, message) => void heard.push(message.string()) })
    for (const reply of foreign) client.publish(nameCall('greet'), 'null', { reply })
    client.publish(nameCall('greet'), 'null')
    await client.request(nameCall('add'), '{"left":1,"right":2}')
    expect(handlers.ran).toEqual(['add'])
    expect(heard).toEqual([])
  })

  test('an input that is longer than a message is refused before it is sent, with both sizes', async () => {
    const error = await catchError(stub.echo('ä'.repeat(40_000), { peer: target }))
    expect(error).toMatchObject({ code: 'resource_exhausted', maybeExecuted: false })
    expect(error.message).toMatch(
      /^input of schema\.echo is refused: it has 80002 bytes of JSON, and the engine takes 65536 in one message, \d{1,2} of them for what else it says: send it in parts, or raise the server's max_payload$/,
    )
    expect(handlers.ran).toEqual([])
  })

  test('so is an output, after its handler has run', async () => {
    handlers.greeting = 'x'.repeat(70_000)
    expect(await catchError(stub.greet({ peer: target }))).toMatchObject({
      code: 'resource_exhausted',
      maybeExecuted: true,
      message:
        "answer to schema.greet is refused: it has 70002 bytes of JSON, and the engine takes 65536 in one message: answer it in parts, or raise the server's max_payload",
    })
  })

  test('an item of a stream may be longer: it travels in parts', async () => {
    const text = 'ä'.repeat(40_000)
    there.connect(streams, new StreamHandlers())
    const echoed: unknown[] = []
    for await (const item of here.connect(streams).echo([text], { peer: target })) echoed.push(item)
    expect(echoed).toEqual([text])
  })

  test('what the engine does not permit is said at once, with the subject', async () => {
    const bound = (await start('bound')).connect(schema)
    expect(await catchError(bound.greet({ peer: target }))).toMatchObject({
      code: 'permission_denied',
      message: `the engine does not permit this peer to ask ${target.host}:${target.port}: permit ${nameCall('greet')} to its user`,
    })
    expect(await bound.add({ left: 1, right: 2 }, { peer: target })).toBe(3)
  })

  test('a caller that does not wait any more is heard by the handler', async () => {
    const inbox = createInbox()
    client.publish(nameCall('wait'), '{"ms":60000}', { reply: inbox })
    await expect.poll(() => handlers.ran).toEqual(['wait'])
    client.publish(`ng.default.p.${there.id}.$cancel`, inbox)
    await expect.poll(() => handlers.aborted).toMatchObject([{ code: 'canceled' }])
  })

  test('a caller that gives up a call that another one makes does nothing', async () => {
    const inbox = createInbox()
    const answers: string[] = []
    client.subscribe(inbox, { callback: (_, message) => void answers.push(message.string()) })
    client.publish(nameCall('wait'), '{"ms":200}', { reply: inbox })
    await expect.poll(() => handlers.ran).toEqual(['wait'])
    client.publish(`ng.default.p.${there.id}.$cancel`, createInbox())
    await expect.poll(() => answers).toEqual(['"waited"'])
  })

  test('a caller that was there and is silent does not wait: its handler hears of it', async () => {
    const ghost = printIdentity({ id: 'ghost', group: 'default', hub: false, host: 'nowhere', port: 1 })
    client.publish('ng.default.beat', `{"kind":"beat","peer":${ghost}}`)
    const named = headers()
    named.append('netgen-caller', 'ghost')
    named.append('netgen-caller-group', 'default')
    const answer = await client.request(nameCall('wait'), '{"ms":60000}', { headers: named, timeout: 10_000 })
    expect(handlers.aborted).toMatchObject([{ code: 'canceled' }])
    expect(answer.headers?.get('netgen-lost')).toBe('true')
    expect(answer.json()).toMatchObject({ error: { code: 'unavailable', maybeExecuted: true } })
  })

  test('a call id that is none, and a stream are refused with words and a status', async () => {
    there.connect(streams, new StreamHandlers())
    const wrongId = headers()
    wrongId.append('netgen-call-id', 'not one')
    const wrong = await client.request(nameCall('add'), '{"left":1,"right":2}', { headers: wrongId, timeout: 1_000 })
    expect([wrong.headers?.get('Nats-Service-Error-Code'), wrong.headers?.get('Nats-Service-Error')]).toEqual([
      '400',
      'netgen-call-id is "not one", expected 1 to 64 of A-Za-z0-9_.-',
    ])
    const stream = await client.request(`ng.default.p.${there.id}.${encodeTag('streams.count')}`, '{"many":1}')
    expect(stream.headers?.get('Nats-Service-Error')).toBe(
      "output of streams.count is a stream, which one message does not carry: call it with a peer of netgen's",
    )
    expect(stream.json()).toMatchObject({ error: { code: 'unimplemented', maybeExecuted: false } })
  })
})
