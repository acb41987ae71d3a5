import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, headers, type NatsConnection, NoRespondersError } from '@nats-io/transport-node'
import { createPeer, type Peer } from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { encodeTag } from '../../runtime/wire/tag.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { silent } from '../runtime/behaviour/harness.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

describe.skipIf(problem !== undefined)(problem ?? 'a client of NATS that is no peer', () => {
  let registry: string
  let server: NatsServer
  let client: NatsConnection
  const peers: Peer[] = []

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    server = await startNats()
    client = await connect({ servers: server.url })
  })
  afterAll(async () => {
    await client.close()
    await server.stop()
    await rm(registry, { recursive: true })
  })
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.close()))
  })

  async function serve(group = 'shop', handlers = new Handlers()): Promise<Handlers> {
    const peer = await createPeer({ engine: server.url, group, registry, port: 0, logger: silent })
    peers.push(peer)
    peer.connect(schema, handlers)
    // What is served after a peer has begun to listen is heard when the server has taken it, and the peer's beat after it.
    await expect.poll(() => client.request(`ng.${group}.p.${peer.id}.${encodeTag('schema.greet')}`)).toBeDefined()
    handlers.ran.length = 0
    return handlers
  }

  test.each(['schema.add', encodeTag('schema.add')])(
    'calls any peer of a group at %s, without a header',
    async (tag) => {
      await serve()
      const answer = await client.request(`ng.shop.q.${tag}`, '{"left":1,"right":2}')
      expect([answer.json(), answer.headers]).toEqual([3, undefined])
    },
  )

  test('calls by an older name, and by one that needs the encoded form', async () => {
    await serve()
    const answers = [`ng.shop.q.behaviour.old`, `ng.shop.q.${encodeTag('behaviour/new name ✓')}`].map((subject) =>
      client.request(subject, 'null'),
    )
    expect((await Promise.all(answers)).map((answer) => answer.json())).toEqual(['found', 'found'])
  })

  test('reaches one peer with each call, and all of them in turn', async () => {
    const all = await Promise.all([serve(), serve(), serve()])
    await Promise.all(Array.from({ length: 60 }, () => client.request('ng.shop.q.schema.add', '{"left":1,"right":2}')))
    const ran = all.map((handlers) => handlers.ran.length)
    expect(ran.reduce((sum, count) => sum + count)).toBe(60)
    expect(Math.min(...ran)).toBeGreaterThan(0)
  })

  test.each([
    ['schema.add', '{"left":"one","right":2}', '400', { code: 'invalid_argument', maybeExecuted: false }],
    ['schema.add', '{"left":', '400', { code: 'invalid_argument', maybeExecuted: false }],
    ['schema.add', '', '400', { code: 'invalid_argument', maybeExecuted: false }],
  ])('is told of an error of %s with %j in its headers and as JSON', async (tag, input, status, error) => {
    await serve()
    const answer = await client.request(`ng.shop.q.${tag}`, input)
    expect(answer.headers?.get('Nats-Service-Error-Code')).toBe(status)
    expect(answer.headers?.get('Nats-Service-Error')).not.toBe('')
    expect(answer.json()).toMatchObject({ error })
  })

  test('of the same group is told of declared errors with their data', async () => {
    await serve()
    const named = headers()
    named.append('netgen-caller', 'a-script')
    named.append('Netgen-Caller-Group', 'shop')
    const answer = await client.request('ng.shop.q.schema.keep', '{"id":"full","body":""}', {
      headers: named,
      timeout: 1_000,
    })
    expect(answer.headers?.get('Nats-Service-Error-Code')).toBe('400')
    expect(answer.json()).toMatchObject({ error: { kind: 'declared', name: 'DiskFull', data: { freeBytes: 7 } } })
    const stranger = await client.request('ng.shop.q.schema.keep', '{"id":"full","body":""}')
    expect(stranger.json()).toMatchObject({ error: { code: 'failed_precondition' } })
    expect(stranger.string()).not.toContain('freeBytes')
  })

  test('learns of an undeclared error no more than its code', async () => {
    await serve()
    const answer = await client.request('ng.shop.q.schema.fail', '"plain"')
    expect(answer.string()).not.toContain('just so')
    expect(answer.headers?.get('Nats-Service-Error')).not.toContain('just so')
  })

  test('is answered by the others while a peer ends', async () => {
    const leaving = await serve()
    const staying = await serve()
    const [first] = peers
    const busy = client.request(`ng.shop.p.${first?.id}.${encodeTag('schema.wait')}`, '{"ms":300}')
    await expect.poll(() => leaving.ran).toEqual(['wait'])
    const closed = first?.close()
    const ask = async (): Promise<number> => {
      staying.ran.length = 0
      await Promise.all(Array.from({ length: 20 }, () => client.request('ng.shop.q.schema.greet', 'null')))
      return staying.ran.length
    }
    // It leaves the queue in turn with what was sent to it before.
    await expect.poll(ask).toBe(20)
    expect(await ask()).toBe(20)
    expect((await busy).json()).toBe('waited')
    await closed
  })

  test('is answered by each peer that it reaches, also while that ends', async () => {
    await serve()
    const problems: unknown[] = []
    let isOver = false
    const ask = async (): Promise<void> => {
      while (!isOver) {
        try {
          const { headers: said } = await client.request('ng.shop.q.schema.greet', 'null', { timeout: 5_000 })
          if (said !== undefined) problems.push(String(said))
        } catch (error) {
          problems.push(error)
        }
      }
    }
    const asking = Promise.all(Array.from({ length: 16 }, ask))
    for (let round = 0; round < 8; round++) {
      await serve()
      await peers.pop()?.close()
    }
    isOver = true
    await asking
    expect(problems).toEqual([])
  })

  test('is answered by a peer that ends, also where its calls wait for their turn', async () => {
    let closed: Promise<void> | undefined
    class SlowHandlers extends Handlers {
      override greet(): string {
        const greeting = super.greet()
        if (this.ran.length > 1) closed ??= peers.pop()?.close()
        const endsAtMs = performance.now() + 6
        while (performance.now() < endsAtMs);
        return greeting
      }
    }
    await serve('shop', new SlowHandlers())
    const ask = async (): Promise<unknown> =>
      (await client.request('ng.shop.q.schema.greet', 'null', { timeout: 5_000 })).json()
    // The first call loads its checks: those after it are run where they are read.
    await ask()
    expect(closed).toBeUndefined()
    const answers = await Promise.all(Array.from({ length: 50 }, ask))
    expect(answers).toEqual(answers.map(() => 'hello'))
    expect(closed).toBeDefined()
    await closed
  })

  test('finds nobody where nobody serves it, nor in another group, nor where all have ended', async () => {
    await serve('others')
    await serve()
    await Promise.all(peers.splice(0).map((peer) => peer.close()))
    for (const tag of ['schema.add', 'schema.none', 'netgen.info'])
      await expect(client.request(`ng.shop.q.${tag}`, 'null')).rejects.toMatchObject({
        cause: expect.any(NoRespondersError),
      })
  })
})
