import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { nats } from 'netgen/nats'
import { createPeer, type Gap, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { events } from '../../fixtures/behaviour/generated/events.js'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { NatsAccess } from '../../runtime/transport/nats/nats-access.js'
import { readNatsOptions } from '../../runtime/transport/nats/nats-options.js'
import { startPeerProcess } from '../e2e/start-peer-process.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

describe.skipIf(problem !== undefined)(problem ?? 'an engine', () => {
  let registry: string
  let server: NatsServer
  const peers: Peer[] = []

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    server = await startNats()
  })
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.close()))
    await server.stop()
    await rm(registry, { recursive: true })
  })

  async function start(options: PeerOptions = {}): Promise<Peer> {
    const peer = await createPeer({ engine: server.url, registry, port: 0, logger: silent, ...options })
    peers.push(peer)
    return peer
  }

  test('lets peers of one group and of others find each other, by their machine and port', async () => {
    const here = await start()
    const other = await start({ group: 'others', hub: true })
    expect(await here.peers()).toEqual([])
    expect(await here.peers({ groups: ['others'] })).toEqual([
      { id: other.id, group: 'others', hub: true, host: other.host, port: other.port },
    ])
  })

  test('lets a peer hear its own group alone, where it is told to', async () => {
    const here = await start({ engine: nats({ servers: server.url, ownGroupOnly: true }) })
    const [other, foreign] = [await start(), await start({ group: 'others' })]
    expect(await here.peers({ groups: ['default', 'others'] })).toMatchObject([{ id: other.id }])
    // It hears no hello of another group: it is found as soon as it beats.
    await expect.poll(() => foreign.peers({ groups: ['default', 'others'] })).toHaveLength(2)
  })

  test('does not keep a process alive whose peer is closed while the server is stopped', async () => {
    const child = await startPeerProcess(registry, { NET_ENGINE: server.url, NET_PORT_START: '3450' })
    const here = await start()
    const [{ port = 0 } = {}] = await here.peers()
    server.process.kill('SIGSTOP')
    const ask = (): Promise<number> => fetch(`http://127.0.0.1:${port}/netgen/v1/health`).then(({ status }) => status)
    await expect.poll(ask, { timeout: 10_000 }).toBe(503)
    expect(await child.leave()).toBe(0)
    server.process.kill('SIGCONT')
  })

  test('tells at once of a peer that starts, and of one that ends', async () => {
    const here = await start()
    const changes = here.watch()
    const other = await start()
    expect((await changes.next()).value).toMatchObject({ type: 'joined', peer: { id: other.id } })
    await other.close()
    expect((await changes.next()).value).toMatchObject({ type: 'left', peer: { id: other.id } })
  })

  test('that goes away for a while ends calls with an error that says so, and is found again', async () => {
    const there = await start()
    const handlers = new Handlers()
    there.connect(schema, handlers)
    const here = await start()
    const stub = here.connect(schema)
    const call = catchError(stub.wait({ ms: 60_000 }, { peer: there.id }))
    await expect.poll(() => handlers.ran).toEqual(['wait'])
    const [target] = await here.peers()
    server.process.kill('SIGKILL')
    expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: true })
    const late = await catchError(stub.add({ left: 1, right: 2 }, { peer: target ?? '', retryMs: 0 }))
    expect(late).toMatchObject({ code: 'unavailable', maybeExecuted: false })
    expect(late.message).toMatch(/ cannot be reached: the engine is down since \d{4}-\d\d-\d\dT[\d:.]+Z$/)
    const { port } = server
    await server.stop()
    server = await startNats('', port)
    await expect
      .poll(() => stub.add({ left: 1, right: 2 }, { peer: there.id }).catch(() => 0), { timeout: 20_000 })
      .toBe(3)
  })

  test('that was away lets subscriptions go on, and tells what was missed', async () => {
    const there = await start()
    const publisher = there.connect(events)
    const got: number[] = []
    const gaps: Gap[] = []
    const here = await start()
    const subscription = await here.connect(events).counted.subscribe((count) => void got.push(count), {
      onGap: (gap) => void gaps.push(gap),
    })
    await expect.poll(() => subscription.peers.length).toBe(1)
    await publisher.counted.emit(1)
    await expect.poll(() => got).toEqual([1])
    const { port } = server
    server.process.kill('SIGKILL')
    await expect.poll(() => subscription.peers.length).toBe(0)
    await publisher.counted.emit(2)
    await server.stop()
    server = await startNats('', port)
    await expect.poll(() => subscription.peers.length, { timeout: 20_000 }).toBe(1)
    await publisher.counted.emit(3)
    await expect.poll(() => got).toEqual([1, 3])
    expect(gaps).toMatchObject([{ missed: 1 }])
  })

  test('is not asked for peers while it is down, and whoever asks is told so', async () => {
    const here = await start()
    server.process.kill('SIGKILL')
    await expect
      .poll(() => here.peers().catch((error: Error) => error.message), { timeout: 5_000 })
      .toMatch(/^peers cannot be looked for: the engine is down since /)
  })

  test('that is down is told of by health and describe, and that it is back', async () => {
    const here = await start()
    const ask = async (): Promise<[number, unknown]> => {
      const response = await fetch(`http://127.0.0.1:${here.port}/netgen/v1/health`)
      return [response.status, await response.json()]
    }
    expect(await ask()).toEqual([200, { status: 'ok', engine: 'up' }])
    expect(here.describe()).toMatchObject({ engine: 'up' })
    const { port } = server
    const killedAtMs = Date.now()
    server.process.kill('SIGKILL')
    await expect.poll(async () => (await ask())[0]).toBe(503)
    const [, health] = await ask()
    const { engine } = health as { engine: string }
    expect(health).toEqual({ status: 'unreachable', engine })
    expect(here.describe()).toMatchObject({ engine })
    const sinceMs = Date.parse(/^down since (\S+)$/.exec(engine)?.[1] ?? '')
    expect(sinceMs).toBeGreaterThanOrEqual(killedAtMs)
    expect(sinceMs).toBeLessThanOrEqual(Date.now())
    await server.stop()
    server = await startNats('', port)
    await expect.poll(ask, { timeout: 20_000 }).toEqual([200, { status: 'ok', engine: 'up' }])
  })

  test('is not touched before a peer listens', async () => {
    const peer = await start({ engine: 'nats://127.0.0.1:9', listen: false })
    expect(peer.describe()).not.toHaveProperty('engine')
    expect(await catchError(peer.listen())).toMatchObject({ code: 'unavailable' })
  })

  test('that does not permit what a peer needs is refused, with what it needs', async () => {
    await server.stop()
    server = await startNats(
      'authorization: { users: [{ user: a, password: b, permissions: { subscribe: ["_INBOX.>"] } }] }',
    )
    const error = await catchError(start({ engine: server.url.replace('//', '//a:b@') }))
    expect(error).toMatchObject({ code: 'permission_denied' })
    expect(error.message).toMatch(
      /^the engine does not permit this peer to hear ng\.default\.p\.[0-9a-f]{16}\.\$who: permit it to its user; `netgen doctor --group name --permissions` prints all that a group needs$/,
    )
  })

  test('may carry junk of others: no peer is listed for it, and calls go on', async () => {
    const there = await start()
    there.connect(schema, new Handlers())
    const here = await start()
    const stub = here.connect(schema)
    expect(await stub.add({ left: 1, right: 2 }, { peer: there.id })).toBe(3)
    const stranger = await new NatsAccess(readNatsOptions({ servers: server.url })).connect({
      name: 'a stranger',
      logger: silent,
    })
    const record = { id: 'a', group: 'default', hub: false, host: 'a', port: 1 }
    const junk = [
      '',
      'x',
      '[]',
      '?',
      JSON.stringify({ kind: 'hello', peer: { ...record, id: 'x'.repeat(5_000) } }),
      JSON.stringify({ kind: 'hello', peer: { ...record, group: 'x'.repeat(300) } }),
      JSON.stringify({ kind: 'hello', peer: { ...record, host: 'a b' } }),
      JSON.stringify({ kind: 'hello', peer: { ...record, port: 1e9 } }),
      JSON.stringify({ kind: 'hello', peer: record, padding: 'x'.repeat(5_000) }),
      JSON.stringify({ link: 'not.a.link' }),
    ]
    for (const text of junk) {
      stranger.publish('ng.default.beat', text)
      stranger.publish(`ng.default.p.${there.id}.$who`, text, 'somewhere.else')
      stranger.publish(`ng.default.p.${there.id}.$link`, text, '_INBOX.nowhere')
    }
    const heard: unknown[] = []
    stranger.subscribe('somewhere.else', (message) => heard.push(message))
    await stranger.flush()
    expect((await here.peers()).map(({ id }) => id)).toEqual([there.id])
    expect(await stub.add({ left: 1, right: 2 }, { peer: there.id })).toBe(3)
    expect(heard).toEqual([])
    await stranger.close()
  })

  test('whose users need a password says so, and takes it in its URL', async () => {
    await server.stop()
    server = await startNats('authorization: { user: ann, password: secret }')
    const error = await catchError(start())
    expect(error).toMatchObject({
      code: 'unauthenticated',
      message: `engine "127.0.0.1:${server.port}" does not let this peer in: name its user in the URL, or its credentials to nats of netgen/nats`,
    })
    const wrong = await catchError(start({ engine: server.url.replace('//', '//ann:canary@') }))
    expect(inspect(wrong, { depth: 9, showHidden: true })).not.toContain('canary')
    await start({ engine: server.url.replace('//', '//ann:secret@') })
  })
})

test('an engine that is not there is named, and the peer does not start', async () => {
  const error = await catchError(createPeer({ engine: 'nats://127.0.0.1:9', logger: silent }))
  expect(error).toMatchObject({
    code: 'unavailable',
    message: 'engine "127.0.0.1:9" does not answer: start it, or correct the URL',
  })
})

test.each<[PeerOptions, string]>([
  [
    { engine: 'http://ann:canary@localhost' },
    'option engine of createPeer has "http://…@localhost", expected a URL such as nats://localhost:4222',
  ],
  [
    { engine: { servers: 'nats://ann:canary@localhost' } as unknown as string },
    'option engine of createPeer is an object: give it to nats of netgen/nats, and what that answers here',
  ],
  [
    { engine: 'nats:localhost:4222' },
    'option engine of createPeer has "nats:localhost:4222", expected a URL such as nats://localhost:4222',
  ],
  [
    { engine: 'nats://ann:100%@localhost' },
    'option engine of createPeer has "nats://…@localhost", expected a URL such as nats://localhost:4222',
  ],
  [{ engine: 'nats://localhost', group: 'x'.repeat(300) }, 'group has 300 bytes, and an engine takes 255 at most'],
  [{ engine: '' }, 'option engine of createPeer has "", expected a URL such as nats://localhost:4222'],
  [{ engine: [] }, 'option engine of createPeer is [], expected a URL such as nats://localhost:4222'],
  [
    { engine: ['http://localhost:4222'] },
    'option engine of createPeer has "http://localhost:4222", expected a URL such as nats://localhost:4222',
  ],
  [
    { engine: 'nats://localhost', lan: true, key: 'sixteen characters', host: '192.0.2.7' },
    'lan and engine exclude each other: peers find and call each other through the engine',
  ],
  [
    { engine: 'nats://localhost', scan: true },
    'scan and engine exclude each other: peers find and call each other through the engine',
  ],
  [
    { engine: 'nats://localhost', peers: ['192.0.2.7:3010'] },
    'peers and engine exclude each other: peers find and call each other through the engine',
  ],
  [
    { engine: 'nats://localhost', transport: 'http' },
    'transport and engine exclude each other: peers find and call each other through the engine',
  ],
])('%j is refused', async (options, message) => {
  expect(await catchError(createPeer(options))).toMatchObject({ code: 'invalid_argument', message })
})
