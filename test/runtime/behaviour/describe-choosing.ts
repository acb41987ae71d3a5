import { any, type Peer, type PeerChange, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'
import { StreamHandlers } from './stream-handlers.js'
import { collect } from './stream-peers.js'

/** How calls choose one of several peers, and peers are found by what they serve, whatever carries the calls. */
export function describeChoosing(name: string, createHarness: () => Promise<Harness>): void {
  describe(`choosing a peer over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let stub: SchemaStub
    /** The ids of the peers that `greet` and `echo` ran on, in their order. */
    let ran: string[]
    let goOn: () => void

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
      stub = here.connect(schema)
      ran = []
      goOn = () => {}
    })
    afterEach(() => harness.close())

    /** A peer that serves the schema. */
    async function serve(options: object = {}): Promise<Peer> {
      const peer = await harness.createPeer({ logger: silent, ...options })
      const handlers = Object.assign(new Handlers(), {
        greet: () => {
          ran.push(peer.id)
          return peer.id
        },
        put: () => peer.id,
        echo: async () => {
          ran.push(peer.id)
          await new Promise<void>((resolve) => {
            const before = goOn
            goOn = () => {
              before()
              resolve()
            }
          })
          return null
        },
      })
      peer.connect(schema, handlers)
      return peer
    }

    const idsOf = (peers: readonly { id: string }[]): string[] => peers.map(({ id }) => id)

    test('a call goes to a peer that serves it: not to one that does not, and not to itself', async () => {
      here.connect(streams, new StreamHandlers())
      await harness.createPeer({ logger: silent })
      const server = await serve()
      for (let call = 0; call < 5; call++) expect(await stub.greet({ peer: any() })).toBe(server.id)
    })

    test('a call goes to those that its filter means', async () => {
      await serve()
      const hub = await serve({ hub: true })
      const far = await serve({ group: 'far' })
      for (let call = 0; call < 5; call++) {
        expect(await stub.greet({ peer: any({ hubsOnly: true }) })).toBe(hub.id)
        expect(await stub.greet({ peer: any({ groups: 'far' }) })).toBe(far.id)
        expect(
          await stub.greet({ peer: any({ groups: ['far', here.group], onHost: far.host, has: schema }) }),
        ).not.toBe('')
      }
    })

    test('calls go where fewer of them are in flight', async () => {
      const servers = [await serve(), await serve(), await serve()]
      const calls = Array.from({ length: 30 }, () => stub.echo(null, { peer: any() }))
      await expect.poll(() => ran.length).toBe(30)
      for (const { id } of servers) {
        const many = ran.filter((chosen) => chosen === id).length
        // By chance alone there would be fewer than 6 at one of them every twentieth time.
        expect(many).toBeGreaterThanOrEqual(6)
        expect(many).toBeLessThanOrEqual(15)
      }
      goOn()
      await Promise.all(calls)
    })

    test('with nobody there, with nobody who serves it, and with another version of it, it is unavailable', async () => {
      const ask = (): Promise<Error & Record<string, unknown>> =>
        catchError(stub.greet({ peer: any({ groups: ['a', 'b'] }), retryMs: 0 }))
      expect(await ask()).toMatchObject({
        code: 'unavailable',
        maybeExecuted: false,
        message: 'nobody who could answer schema.greet is there: start a peer of group "a" or "b" that serves it',
      })
      const other = await harness.createPeer({ logger: silent, group: 'a' })
      const message =
        'schema.greet is served by none of the 1 that are there: start a peer of group "a" or "b" that serves it'
      expect(await ask()).toMatchObject({ code: 'unavailable', maybeExecuted: false, message })
      const connections = schema.connections.map((connection) => ({ ...connection, digest: `${connection.digest}x` }))
      other.connect({ ...schema, digest: 'another', connections }, new Handlers())
      await expect.poll(async () => (await ask()).message).toBe(message)
    })

    test('a call waits for a peer that begins to serve it, as long as it may be repeated', async () => {
      const late = await harness.createPeer({ logger: silent })
      const call = stub.greet({ peer: any(), retryMs: 10_000 })
      await expect.poll(async () => idsOf(await here.peers())).toEqual([late.id])
      late.connect(schema, Object.assign(new Handlers(), { greet: () => 'late' }))
      expect(await call).toBe('late')
    })

    test('a call moves on, at once, from peers that are gone', async () => {
      const servers = [await serve(), await serve(), await serve()]
      // Over HTTP it may have run: a connection that is closed just then does not say.
      const put = (): Promise<string> => stub.put({ name: 'a', text: 'b' }, { peer: any() })
      for (let call = 0; call < 6; call++) await put()
      const [first, second, last] = servers as [Peer, Peer, Peer]
      await Promise.all([first.close(), second.close()])
      for (let call = 0; call < 10; call++) expect(await put()).toBe(last.id)
    })

    test('what a handler throws is the answer: nobody else is asked', async () => {
      const servers = [await serve(), await serve()]
      expect(await catchError(stub.fail('type', { peer: any() }))).toBeInstanceOf(TypeError)
      expect(servers).toHaveLength(2)
    })

    test('a stream chooses too', async () => {
      await serve()
      const server = await harness.createPeer({ logger: silent })
      server.connect(streams, new StreamHandlers())
      const { count } = here.connect(streams)
      expect(await collect(count({ many: 3 }, { peer: any() }))).toEqual([0, 1, 2])
      expect(await catchError(collect(count({ many: 3 }, { peer: any({ hubsOnly: true }) })))).toMatchObject({
        code: 'unavailable',
      })
    })

    test.each<[unknown, string]>([
      [{ group: 'x' }, 'filter "group" of peers is unknown: did you mean "groups"?'],
      [{ has: 5 }, 'filter "has" of peers is 5, expected a generated schema, or a stub\'s function'],
    ])('any(%j) is refused', async (filter, message) => {
      expect(await catchError(stub.greet({ peer: any(filter as object) }))).toMatchObject({
        code: 'invalid_argument',
        message,
      })
    })

    test('peers are found by what they serve: a schema, or a connection of it', async () => {
      const server = await serve()
      const streaming = await harness.createPeer({ logger: silent })
      streaming.connect(streams, new StreamHandlers())
      const [connection] = streams.connections
      expect(idsOf(await here.peers({ has: schema }))).toEqual([server.id])
      expect(idsOf(await here.peers({ has: stub.greet }))).toEqual([server.id])
      expect(idsOf(await here.peers({ has: streams }))).toEqual([streaming.id])
      expect(idsOf(await here.peers({ ...(connection && { has: connection }) }))).toEqual([streaming.id])
      // It begins to serve the other one too, of which is heard when it is asked again.
      streaming.connect(schema, new Handlers())
      expect(idsOf(await here.peers({ has: schema }))).toEqual([server.id, streaming.id])
    })

    test('peers are followed by what they serve: they join when they do', async () => {
      const late = await harness.createPeer({ logger: silent })
      const changes = here.watch({ has: schema })
      const read = async (): Promise<[PeerChange['type'], RemotePeer['id']] | undefined> => {
        const { value } = await changes.next()
        return value && [value.type, value.peer.id]
      }
      const first = read()
      const server = await serve()
      expect(await first).toEqual(['joined', server.id])
      late.connect(schema, new Handlers())
      expect(await read()).toEqual(['joined', late.id])
      await server.close()
      expect(await read()).toEqual(['left', server.id])
      await changes.return?.()
    })

    test.each<unknown>([5, null, {}, { connections: [{}] }, () => {}])('has: %j is refused', async (has) => {
      expect(await catchError(here.peers({ has: has as never }))).toMatchObject({ code: 'invalid_argument' })
    })
  })
}
