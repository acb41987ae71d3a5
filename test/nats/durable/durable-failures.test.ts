import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect as openSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, headers, type NatsConnection } from '@nats-io/transport-node'
import { createPeer, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type OrdersStub, orders } from '../../../fixtures/durable/generated/orders.js'
import { loadJetStream } from '../../../runtime/transport/nats/jetstream/load-jetstream.js'
import { catchError, silent } from '../../runtime/behaviour/harness.js'
import { prepareNats, startNats } from '../nats-server.js'
import { type JetStreamServer, startJetStream } from './jetstream-server.js'

const problem = prepareNats()

const SMALL = { number: 1, cents: 1n }

describe.skipIf(problem !== undefined)(problem ?? 'a durable event is refused', () => {
  let registry: string
  let server: JetStreamServer
  let groups = 0
  const peers: Peer[] = []
  const stops: (() => Promise<void>)[] = []

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    server = await startJetStream('max_payload: 64KB')
  })
  afterEach(async () => {
    groups++
    await Promise.all(peers.splice(0).map((peer) => peer.close()))
    for (const stop of stops.splice(0)) await stop()
  })
  afterAll(async () => {
    await server.stop()
    await rm(registry, { recursive: true })
  })

  async function start(options: PeerOptions = {}): Promise<{ peer: Peer } & OrdersStub> {
    const group = `shop-${groups}`
    const engine = server.url
    const peer = await createPeer({ engine, registry, port: 0, group, logger: silent, ...options })
    peers.push(peer)
    return { peer, ...peer.connect(orders) }
  }

  async function connectBare(): Promise<NatsConnection> {
    const connection = await connect({ servers: server.url.replace('nats://', '') })
    stops.push(() => connection.close())
    return connection
  }

  test.each<[string, (shop: OrdersStub) => unknown, string]>([
    [
      'has a payload that is none',
      ({ placed }) => placed.emit({ number: 'one', cents: 1n } as never),
      'payload of orders.placed is refused: /number is "one", expected an integer',
    ],
    [
      'has an id that is none',
      ({ placed }) => placed.emit(SMALL, { id: 'a b' }),
      'option "id" to emit orders.placed is "a b", expected 1 to 128 of the characters A-Z, a-z, 0-9, _, ., : and -',
    ],
    [
      'has an option that is none',
      ({ placed }) => placed.emit(SMALL, { key: 'a' } as never),
      'option "key" to emit orders.placed is unknown: expected id',
    ],
    [
      'is subscribed to without options',
      ({ placed }) => placed.subscribe(() => {}, undefined as never),
      "a subscription to orders.placed has no options, expected options such as { name: 'accounting' }: under its name the engine keeps its place",
    ],
    [
      'is subscribed to without a name',
      ({ placed }) => placed.subscribe(() => {}, {} as never),
      "a subscription to orders.placed has no name, expected options such as { name: 'accounting' }: under its name the engine keeps its place",
    ],
    [
      'is subscribed to with a name that is none',
      ({ placed }) => placed.subscribe(() => {}, { name: 'a.b' }),
      'the name of a subscription to orders.placed is "a.b", expected 1 to 64 of the characters A-Z, a-z, 0-9, _ and -',
    ],
    [
      'is subscribed to with what is for live events',
      ({ placed }) => placed.subscribe(() => {}, { name: 'a', hubsOnly: true } as never),
      'option "hubsOnly" of a subscription to orders.placed is for live events: leave it out: a durable one gets what any peer of its group emits',
    ],
    [
      'is subscribed to with an option that is mistyped',
      ({ placed }) => placed.subscribe(() => {}, { name: 'a', odered: true } as never),
      'option "odered" of a subscription to orders.placed is unknown: did you mean "ordered"?',
    ],
    [
      'is subscribed to from nowhere',
      ({ placed }) => placed.subscribe(() => {}, { name: 'a', from: 'last' as never }),
      'option "from" of the subscription "a" to orders.placed is "last", expected "new", "all", a Date, or { sequence } with a whole number from 1 on',
    ],
    [
      'is subscribed to from a sequence that is none',
      ({ placed }) => placed.subscribe(() => {}, { name: 'a', from: { sequence: 0 } }),
      'option "from" of the subscription "a" to orders.placed is {"sequence":0}, expected "new", "all", a Date, or { sequence } with a whole number from 1 on',
    ],
    [
      'is to be ordered and handled several at once',
      ({ placed }) => placed.subscribe(() => {}, { name: 'a', ordered: true, concurrency: 2 }),
      'option "concurrency" of the subscription "a" to orders.placed is 2, expected 1, or nothing, beside ordered: true',
    ],
    [
      'may be delivered half a time',
      ({ placed }) => placed.subscribe(() => {}, { name: 'a', maxDeliveries: 0.5 }),
      'option "maxDeliveries" of the subscription "a" to orders.placed is 0.5, expected a whole number from 1 on, or Infinity',
    ],
    [
      'rests for too long',
      ({ placed }) => placed.subscribe(() => {}, { name: 'a', backoffMs: 1e9 }),
      'option "backoffMs" of the subscription "a" to orders.placed is 1000000000, expected a whole number from 0 to 300000',
    ],
    [
      'may be silent for no time',
      ({ placed }) => placed.subscribe(() => {}, { name: 'a', silenceMs: 10 }),
      'option "silenceMs" of the subscription "a" to orders.placed is 10, expected a whole number from 1000 to 3600000',
    ],
    [
      'is given to a loop several at once',
      ({ placed }) => placed.subscribe({ name: 'a', concurrency: 2 }).next(),
      'option "concurrency" of the subscription "a" to orders.placed is 2, expected 1, or nothing: a loop takes one event at a time',
    ],
    [
      'is prepared by what is no function',
      ({ placed }) => placed.beforeEmit('x' as never),
      'beforeEmit of orders.placed was given "x", expected a function',
    ],
  ])('that %s', async (_, act, message) => {
    const shop = await start({ listen: false })
    const error = await catchError(Promise.resolve().then(() => act(shop)))
    expect(error).toMatchObject({ code: 'invalid_argument', message })
  })

  test('with the line that emitted it or subscribed to it on top of the stack', async () => {
    const { placed } = await start()
    for (const act of [() => placed.emit({} as never), () => placed.subscribe(() => {}, {} as never)]) {
      const { stack = '' } = await catchError(act())
      expect(stack.split('\n')[1]).toContain('durable-failures.test.ts')
    }
  })

  test('that is larger than the engine takes', async () => {
    const { peer, noted } = await start()
    const around = `NATS/1.0\r\nNats-Msg-Id: ${peer.id}-1@ng.${peer.group}.d.orders.noted\r\nNg-Peer: ${peer.id}\r\n\r\n`
    expect(await catchError(noted.emit('x'.repeat(70_000)))).toMatchObject({
      code: 'resource_exhausted',
      message: `payload of orders.noted has 70002 bytes of JSON, the engine takes ${65_536 - around.length} at most: raise its max_payload, or send a reference to it`,
    })
  })

  test('where the store of the group is full, and nothing is dropped for it', async () => {
    const { noted } = await start({ durable: { maxBytes: 100_000 } })
    await noted.emit('x'.repeat(60_000))
    expect(await catchError(noted.emit('x'.repeat(60_000)))).toMatchObject({
      code: 'resource_exhausted',
      message:
        "orders.noted is not stored: the engine says maximum bytes exceeded: raise its stream's limits, or wait until events are old",
    })
  })

  test('by a peer that does not listen', async () => {
    const { placed } = await start({ listen: false })
    expect(await catchError(placed.emit(SMALL))).toMatchObject({
      code: 'failed_precondition',
      message: 'orders.placed is not stored: this peer does not listen yet: await listen() first',
    })
  })

  test('by a peer that is closed', async () => {
    const { peer, placed } = await start()
    await peer.close()
    const closed = { code: 'failed_precondition', message: 'this peer is closed: make a new one' }
    expect(await catchError(placed.emit(SMALL))).toMatchObject(closed)
    expect(await catchError(placed.subscribe(() => {}, { name: 'a' }))).toMatchObject(closed)
    expect(await catchError(placed.forget('a'))).toMatchObject(closed)
  })

  test('at an engine without JetStream, with what starts it', async () => {
    const bare = await startNats()
    stops.push(() => bare.stop())
    const { placed } = await start({ engine: bare.url })
    const what = 'cannot be used for durable events: the engine has no JetStream'
    expect(await catchError(placed.emit(SMALL))).toMatchObject({
      code: 'failed_precondition',
      message: `stream "ng_shop-${groups}" ${what}: start nats-server with -js, or with jetstream in its configuration`,
    })
  })

  test('at an engine that is too old', async () => {
    const port = await listenAsOlder(server.url, stops)
    const { placed } = await start({ engine: `nats://127.0.0.1:${port}` })
    for (const act of [() => placed.emit(SMALL), () => placed.subscribe(() => {}, { name: 'a' })]) {
      expect(await catchError(act())).toMatchObject({
        code: 'failed_precondition',
        message: 'the engine is nats-server "2.8.42": durable events take 2.9.3 or newer',
      })
    }
  })

  test('where the engine is to keep it on more servers than it has', async () => {
    const { placed } = await start({ durable: { replicas: 3 } })
    expect(await catchError(placed.emit(SMALL))).toMatchObject({
      code: 'failed_precondition',
      message: `stream "ng_shop-${groups}" cannot be used for durable events: the engine says replicas > 1 not supported in non-clustered mode: replicas take a cluster: leave durable.replicas out, or start one`,
    })
  })

  test('where its stream is another, which stays as it is', async () => {
    const { streams } = await jetstreamManager(await connectBare())
    await streams.add({ name: `ng_shop-${groups}`, subjects: ['something.else'] })
    const { placed } = await start()
    expect(await catchError(placed.emit(SMALL))).toMatchObject({
      code: 'failed_precondition',
      message: `stream "ng_shop-${groups}" cannot be used for durable events: it has subjects: ["something.else"] instead of ["ng.shop-${groups}.d.>"]: mend it with the nats command, or delete it: then a peer makes it`,
    })
    expect((await streams.info(`ng_shop-${groups}`)).config.subjects).toEqual(['something.else'])
  })

  test('never where only the limits of its stream are others, which are told of and kept', async () => {
    const { streams } = await jetstreamManager(await connectBare())
    await streams.add({ name: `ng_shop-${groups}`, subjects: [`ng.shop-${groups}.d.>`], max_msgs: 10, discard: 'new' })
    const logger = { ...silent, warn: vi.fn() }
    const { placed } = await start({ logger })
    await placed.emit(SMALL)
    expect(logger.warn).toHaveBeenCalledWith('a stream is used as it is, which is not as it was to be', {
      name: `ng_shop-${groups}`,
      others: ['max_age: 0 instead of 604800000000000'],
    })
    expect((await streams.info(`ng_shop-${groups}`)).config.max_msgs).toBe(10)
  })

  test.each([
    [{ ordered: true }, 'with ordered false, not true'],
    [{ silenceMs: 5_000 }, 'with silenceMs 10000, not 5000'],
    [{ from: 'new' } as const, 'with from "all", not "new"'],
    [{ from: new Date(0) }, 'with from "all", not 1970-01-01T00:00:00.000Z'],
    [{ from: { sequence: 5 } }, 'with from "all", not { sequence: 5 }'],
  ])('to who subscribes under a known name with %j', async (changed, difference) => {
    const { placed } = await start()
    const options = { name: 'accounting', from: 'all' } as const
    await (await placed.subscribe(() => {}, options)).close()
    const remedy = 'leave that as it is, or take another name, or forget("accounting") it first'
    expect(await catchError(placed.subscribe(() => {}, { ...options, ...changed }))).toMatchObject({
      code: 'failed_precondition',
      message: `the subscription "accounting" to orders.placed is not opened: the engine has it ${difference}: ${remedy}`,
    })
    await placed.subscribe(() => {}, { name: 'accounting' })
  })

  test('to a user who may not publish or subscribe to it, with what to permit', async () => {
    const limited = await startJetStream(
      'authorization: { users: [{ user: a, password: b, permissions: { publish: { deny: ["ng.*.d.>", "$JS.API.CONSUMER.>"] } } }] }',
    )
    stops.push(() => limited.stop())
    const { placed } = await start({ engine: limited.url.replace('//', '//a:b@') })
    expect(await catchError(placed.emit(SMALL))).toMatchObject({
      code: 'permission_denied',
      message: `orders.placed is not stored: the engine does not permit this peer to publish to ng.shop-${groups}.d.orders.placed: permit it to its user`,
    })
    const error = await catchError(placed.subscribe(() => {}, { name: 'a' }))
    expect(error).toMatchObject({ code: 'permission_denied' })
    expect(error.message).toMatch(
      /^the subscription "a" to orders.placed is not opened: the engine does not permit it: .+: `netgen doctor --group name --permissions --durable` prints what its user needs$/,
    )
  })

  test('while the engine is down, at once, and while it goes down', async () => {
    const own = await startJetStream()
    stops.push(() => own.stop())
    const { placed } = await start({ engine: own.url })
    await placed.emit(SMALL)
    own.process.kill('SIGSTOP')
    const under = catchError(placed.emit(SMALL, { id: 'mine' }))
    const beganAtMs = performance.now()
    own.process.kill('SIGCONT')
    own.process.kill('SIGKILL')
    expect(await under).toMatchObject({ code: 'unavailable', maybeExecuted: true })
    const late = await catchError(placed.emit(SMALL))
    expect(late).toMatchObject({ code: 'unavailable', maybeExecuted: false })
    expect(late.message).toMatch(/^orders\.placed is not stored: the engine is down since /)
    expect(performance.now() - beganAtMs).toBeLessThan(2_000)
  })

  test('of another client that is no JSON, and goes where dead letters are', async () => {
    const { placed } = await start()
    const letters: unknown[] = []
    await placed.subscribe(() => {}, {
      name: 'accounting',
      maxDeliveries: 1,
      onDeadLetter: ({ payload, error }) => void letters.push([payload, (error as Error).message]),
    })
    const connection = await connectBare()
    const said = headers()
    said.set('X', 'y')
    connection.publish(`ng.shop-${groups}.d.orders.placed`, '{"number":1,"cents":"a"}')
    connection.publish(`ng.shop-${groups}.d.orders.placed`, '{', { headers: said })
    await expect
      .poll(() => letters)
      .toEqual([
        [{ number: 1, cents: 'a' }, expect.stringMatching(/^payload of orders\.placed is refused: \/cents is "a"/)],
        [undefined, expect.stringMatching(/JSON/)],
      ])
    const { streams } = await jetstreamManager(connection)
    const { subject, header, data } = (await streams.getMessage(`ngdead_shop-${groups}`, { seq: 2 })) ?? {}
    expect(subject).toBe(`ng.shop-${groups}.dead.orders.placed.accounting`)
    expect(Buffer.from(data ?? []).toString()).toBe('{')
    expect([header?.get('Ng-Sequence'), header?.get('Ng-Deliveries')]).toEqual(['2', '1'])
    expect(header?.get('Ng-Error')).toMatch(/JSON/)
  })

  test('as a dead letter where the engine has no room for its headers: it comes again, and holds up no end', async () => {
    const logger = { ...silent, error: vi.fn() }
    const { peer, noted } = await start({ logger })
    await noted.subscribe(() => Promise.reject(new Error('no room')), { name: 'accounting', maxDeliveries: 1 })
    const connection = await connectBare()
    connection.publish(`ng.shop-${groups}.d.orders.noted`, JSON.stringify('x'.repeat(65_500)))
    const problem = 'a durable event cannot be stored as a dead letter, and comes again'
    await expect.poll(() => logger.error.mock.calls.map(([message]) => message)).toContain(problem)
    const [, fields] = logger.error.mock.calls.find(([message]) => message === problem) ?? []
    expect(fields).toMatchObject({
      deliveries: 1,
      error: {
        code: 'resource_exhausted',
        message: expect.stringMatching(/^payload of orders\.noted has 65502 bytes/),
      },
    })
    const beganAtMs = performance.now()
    await peer.close()
    expect(performance.now() - beganAtMs).toBeLessThan(2_000)
  })

  test('that is as long as it may be, but for what stands around it: a long group, tag and id', async () => {
    const { peer } = await start({ group: 'ä'.repeat(120) })
    const events = [{ ...orders.events?.find(({ name }) => name === 'noted'), tag: 'ä'.repeat(250) }]
    const { noted } = peer.connect({ ...orders, name: 'long', digest: 'long', events } as typeof orders)
    const id = 'x'.repeat(128)
    const error = await catchError(noted.emit('x'.repeat(64_500), { id }))
    expect(error).toMatchObject({ code: 'resource_exhausted', maybeExecuted: false })
    const [, most] = /has 64502 bytes of JSON, the engine takes (\d+) at most/.exec(error.message) ?? []
    expect(await noted.emit('x'.repeat(Number(most) - 2), { id })).toMatchObject({ sequence: 1 })
  })
})

test('durable events without their package say how to install it', async () => {
  const load = (): never => {
    throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' })
  }
  expect(await catchError(loadJetStream(load))).toMatchObject({
    code: 'failed_precondition',
    message: 'durable events need the package @nats-io/jetstream: run npm install @nats-io/jetstream',
  })
})

test.each<[unknown, string]>([
  [3, 'option durable of createPeer is 3, expected an object such as { replicas: 3 }'],
  [{ replica: 3 }, 'option "durable.replica" of createPeer is unknown: did you mean "replicas"?'],
  [{ replicas: 9 }, 'option durable.replicas of createPeer is 9, expected a whole number from 1 to 5'],
  [{ maxAgeMs: 1 }, 'option durable.maxAgeMs of createPeer is 1, expected a whole number from 1000 to 8640000000'],
  [
    { maxBytes: '1GB' },
    'option durable.maxBytes of createPeer is "1GB", expected a whole number from 1 to 9007199254740991',
  ],
])('durable: %j is refused', async (durable, message) => {
  expect(await catchError(createPeer({ durable, logger: silent } as PeerOptions))).toMatchObject({
    code: 'invalid_argument',
    message,
  })
})

/** Passes a server on, which then says that it is an older one. */
async function listenAsOlder(url: string, stops: (() => Promise<void>)[]): Promise<number> {
  const { port: target } = new URL(url)
  const proxy = createServer((client) => {
    const upstream = openSocket(Number(target), '127.0.0.1')
    client.pipe(upstream)
    upstream.on('data', (data) => {
      const text = data.toString('latin1')
      const isInfo = text.startsWith('INFO ')
      client.write(
        isInfo ? text.replace(/"version":"[^"]*"/, '"version":"2.8.42"') : data,
        isInfo ? 'latin1' : undefined,
      )
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('close', () => other.destroy())
      socket.on('error', () => other.destroy())
    }
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => proxy.once('listening', resolve))
  stops.push(() => new Promise((resolve) => proxy.close(() => resolve())))
  const address = proxy.address()
  if (typeof address !== 'object' || address === null) throw new Error('a listening proxy has no port')
  return address.port
}
