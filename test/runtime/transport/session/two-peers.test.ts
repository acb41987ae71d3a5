import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, netgen, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { schema } from '../../../../fixtures/behaviour/generated/schema.js'
import { LocalProvider } from '../../../../runtime/discovery/local/local-provider.js'
import { PeerTable } from '../../../../runtime/discovery/peer-table.js'
import { createPeerId, startPeer } from '../../../../runtime/peer/create-peer.js'
import { readEnvironment } from '../../../../runtime/peer/environment.js'
import { openTrust } from '../../../../runtime/peer/open-trust.js'
import { readSettings } from '../../../../runtime/peer/peer-options.js'
import { HttpTransport } from '../../../../runtime/transport/http/http-transport.js'
import { SessionTransport } from '../../../../runtime/transport/session/session-transport.js'
import { WebSocketLinks } from '../../../../runtime/transport/session/websocket-links.js'
import { Handlers } from '../../behaviour/handlers.js'
import { catchError, silent } from '../../behaviour/harness.js'
import { countSockets } from '../../behaviour/socket-harness.js'

describe('two peers', () => {
  let registry: string
  let here: Peer
  let there: Peer

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    here = await createPeer({ registry, port: 0, logger: silent })
    there = await createPeer({ registry, port: 0, logger: silent })
  })
  afterEach(async () => {
    await Promise.all([here.close(), there.close()])
    await rm(registry, { recursive: true })
  })

  test('call each other over one session', async () => {
    const stubs = [here, there].map((peer) => peer.connect(netgen).passThrough)
    expect(await stubs[0]?.('there', { peer: there.id })).toBe('there')
    const sockets = countSockets()
    expect(await stubs[1]?.('and back', { peer: here.id })).toBe('and back')
    expect(countSockets()).toBe(sockets)
  })

  test('that dial each other at once keep one session, and no call is lost', async () => {
    const [ours, theirs] = [here, there].map((peer) => peer.connect(netgen).passThrough)
    const numbers = Array.from({ length: 50 }, (_, index) => index)
    const answers = await Promise.all(
      numbers.flatMap((number) => [ours?.(number, { peer: there.id }), theirs?.(number, { peer: here.id })]),
    )
    expect(answers).toEqual(numbers.flatMap((number) => [number, number]))
  })

  test('go on over a new session where the old one was lost', async () => {
    there.connect(schema, new Handlers())
    const stub = here.connect(schema)
    expect(await stub.greet({ peer: there.id })).toBe('hello')
    const { port, id } = there
    await there.close()
    there = await createPeer({ registry, port, logger: silent })
    there.connect(schema, new Handlers())
    expect(there.id).not.toBe(id)
    expect(await stub.greet({ peer: there.id })).toBe('hello')
  })

  test('carry messages up to the limits, and refuse longer ones without losing the session', async () => {
    const { passThrough } = here.connect(netgen)
    const large = 'x'.repeat(1_048_574)
    expect(await passThrough(large, { peer: there.id })).toBe(large)
    await expect(passThrough(`${large}x`, { peer: there.id })).rejects.toMatchObject({
      code: 'resource_exhausted',
      maybeExecuted: false,
    })
    expect(await passThrough('still here', { peer: there.id })).toBe('still here')
  })

  test('doubt each other as soon as their session ends, with a goodbye or without', async () => {
    const lost = vi.spyOn(PeerTable.prototype, 'lost')
    await here.connect(netgen).passThrough(1, { peer: there.id })
    expect(lost).not.toHaveBeenCalled()
    const { id } = there
    const closed = there.close()
    await expect.poll(() => lost.mock.calls).toContainEqual([id])
    await closed
    lost.mockRestore()
  })

  test('refuse more sessions than their limit, and say so', async () => {
    const full = await startSessionPeer(registry, 1)
    const later = await createPeer({ registry, port: 0, logger: silent })
    try {
      expect(await here.connect(netgen).passThrough(1, { peer: full.id })).toBe(1)
      await expect(later.connect(netgen).passThrough(1, { peer: full.id })).rejects.toMatchObject({
        code: 'resource_exhausted',
        maybeExecuted: false,
        message: `127.0.0.1:${full.port} refuses a session: 1 sessions are open, which is its limit`,
      })
      await here.close()
      await expect
        .poll(() =>
          later
            .connect(netgen)
            .passThrough(2, { peer: full.id })
            .catch(() => {}),
        )
        .toBe(2)
    } finally {
      await Promise.all([full.close(), later.close()])
    }
  })

  test.each<[string, Record<string, string>, number]>([
    ['no token', {}, 401],
    ['a wrong token', { authorization: 'Bearer AAAA' }, 401],
    ['a foreign origin', { origin: 'http://evil.example' }, 403],
    ['a foreign host', { host: 'evil.example' }, 403],
    ['another subprotocol', { 'sec-websocket-protocol': 'chat' }, 426],
  ])('refuse to be upgraded with %s, before 101', async (_, headers, status) => {
    const answer = await upgrade(there.port, headers)
    expect(answer).toBe(status)
  })
})

describe('a peer that counts as gone', () => {
  let registry: string
  let there: Peer
  const closing: Peer[] = []

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    there = await createPeer({ registry, port: 0, logger: silent })
    closing.push(there)
  })
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((peer) => peer.close()))
    await rm(registry, { recursive: true })
  })

  test.each<['session' | 'http', RegExp]>([
    [
      'session',
      /^the connection to 127.0.0.1:\d+ was closed, since nothing was heard of it: the handler may have run$/,
    ],
    ['http', /^the connection to 127.0.0.1:\d+ was lost: the handler may have run$/],
  ])(
    'has the calls end that are in flight over %s, and is called again where it is there after all',
    async (carrier, message) => {
      const handlers = new Handlers()
      there.connect(schema, handlers)
      const { transport, http } = await createTransport(registry)
      const settings = readSettings({ registry, port: 0, logger: silent }, readEnvironment({}))
      const here = await startPeer(settings, {
        id: createPeerId(),
        transport,
        ...(carrier === 'http' && { carrier: http }),
        providers: [createLocal(registry)],
      })
      closing.push(here)
      const stub = here.connect(schema)
      const call = catchError(stub.wait({ ms: 60_000 }, { peer: there.id }))
      await expect.poll(() => handlers.ran).toEqual(['wait'])
      transport.abandon((await here.peers()).find(({ id }) => id === there.id) as RemotePeer)
      const error = await call
      expect(error).toMatchObject({ code: 'unavailable', maybeExecuted: true })
      expect(error.message).toMatch(message)
      expect(await stub.greet({ peer: there.id })).toBe('hello')
    },
  )
})

async function createTransport(
  registry: string,
  maxSessions?: number,
): Promise<{ transport: SessionTransport; http: HttpTransport }> {
  const { network, logger } = readSettings({ registry, logger: silent }, readEnvironment({}))
  const { trust } = await openTrust(registry, undefined)
  const http = new HttpTransport({ trust, place: { ...network, port: { kind: 'exact', port: 0 } }, logger })
  return { transport: new SessionTransport(new WebSocketLinks(http, maxSessions)), http }
}

function createLocal(registry: string): LocalProvider {
  return new LocalProvider({ path: join(registry, 'peers'), findLocal: () => undefined, logger: silent })
}

async function startSessionPeer(registry: string, maxSessions: number): Promise<Peer> {
  const settings = readSettings({ registry, port: 0, logger: silent }, readEnvironment({}))
  const { transport } = await createTransport(registry, maxSessions)
  const providers = [createLocal(registry)]
  return startPeer(settings, { id: createPeerId(), transport, providers })
}

function upgrade(port: number, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const opening = request({
      host: '127.0.0.1',
      port,
      path: '/netgen/v1/session',
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-protocol': 'netgen.v1',
        ...headers,
      },
    })
    opening.once('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    opening.once('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode)
    })
    opening.once('error', reject)
    opening.end()
  })
}
