import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { nats } from 'netgen/nats'
import {
  createPeer,
  type DeliveryFailure,
  type Gap,
  type Logger,
  type Peer,
  type PeerOptions,
  type Subscription,
} from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type EventsStub, events } from '../../fixtures/behaviour/generated/events.js'
import { encodeTag } from '../../runtime/wire/tag.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { type BrokenLine, createBrokenLine } from './broken-line.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

const MAX_PAYLOAD_BYTES = 8_192

describe.skipIf(problem !== undefined)(problem ?? 'live events over an engine', () => {
  let registry: string
  let server: NatsServer
  let client: NatsConnection
  let line: BrokenLine
  let there: Peer
  let publisher: EventsStub
  let peers: Peer[] = []
  /** What was published for subscribers: subjects and texts. */
  let heard: (readonly [subject: string, text: string])[] = []

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    server = await startNats(`max_payload: ${MAX_PAYLOAD_BYTES}\nmax_pending: 1MB\nwrite_deadline: "1s"`)
    client = await connect({ servers: server.url })
    client.subscribe('ng.*.e.>', {
      // Peers that start try whether they may publish there: nothing.
      callback: (_, { subject, data }) => {
        if (data.length > 0) heard.push([subject, Buffer.from(data).toString()])
      },
    })
    await client.flush()
    line = await createBrokenLine(server.port)
  })
  beforeEach(async () => {
    there = await start()
    publisher = there.connect(events)
    heard = []
  })
  afterEach(async () => {
    line.mend()
    await Promise.all(peers.map((peer) => peer.close()))
    peers = []
  })
  afterAll(async () => {
    await line.close()
    await client.close()
    await server.stop()
    await rm(registry, { recursive: true })
  })

  async function start(engine: PeerOptions['engine'] = server.url, logger: Logger = silent): Promise<Peer> {
    const peer = await createPeer({ engine, registry, port: 0, logger })
    peers.push(peer)
    return peer
  }

  /** A peer that is subscribed to what a publisher counts, and what it got. */
  async function subscribe(
    engine?: PeerOptions['engine'],
    target = there,
    logger?: Logger,
  ): Promise<{ peer: Peer; subscription: Subscription; got: number[]; gaps: Gap[] }> {
    const peer = await start(engine, logger)
    const got: number[] = []
    const gaps: Gap[] = []
    const subscription = await peer
      .connect(events)
      .counted.subscribe((count) => void got.push(count), { peers: [target.id], onGap: (gap) => void gaps.push(gap) })
    await expect.poll(() => subscription.peers.length).toBe(1)
    return { peer, subscription, got, gaps }
  }

  const nameSubject = (name: string, { id } = there): string => `ng.default.e.${id}.${encodeTag(`events.${name}`)}`

  test('are published once for all subscribers, and once for all that one tick emits', async () => {
    const subscribers = [await subscribe(), await subscribe(), await subscribe()]
    expect(await publisher.counted.emit(1)).toEqual({ delivered: 3, failed: 0, dropped: 0 })
    for (let count = 2; count <= 21; count++) publisher.counted.emit(count)
    const all = Array.from({ length: 21 }, (_, index) => index + 1)
    await expect.poll(() => subscribers.map(({ got }) => got)).toEqual([all, all, all])
    await client.flush()
    expect(heard.map(([subject]) => subject)).toEqual([nameSubject('counted'), nameSubject('counted')])
    expect(JSON.parse(heard[0]?.[1] ?? '')).toEqual([10, 1, 1, expect.any(Number), 1])
  })

  test('have no gap where somebody subscribes to a publisher that is busy', async () => {
    let last = 0
    const busy = setInterval(() => {
      for (let many = 0; many < 5; many++) publisher.counted.emit(++last)
    }, 1)
    onTestFinished(() => clearInterval(busy))
    const { counted } = (await start()).connect(events)
    const gaps: Gap[] = []
    for (let round = 0; round < 30; round++) {
      const got: number[] = []
      const onGap = (gap: Gap): void => void gaps.push(gap)
      const subscription = await counted.subscribe((count) => void got.push(count), { peers: [there.id], onGap })
      await expect.poll(() => got.length, { interval: 5 }).toBeGreaterThan(10)
      await subscription.close()
    }
    expect(gaps).toEqual([])
  })

  test('are not published while nobody is subscribed', async () => {
    expect(await publisher.counted.emit(1)).toEqual({ delivered: 0, failed: 0, dropped: 0 })
    const { subscription } = await subscribe()
    await publisher.happened.emit()
    await subscription.close()
    await expect.poll(async () => (await publisher.counted.emit(2)).delivered).toBe(0)
    heard = []
    await publisher.counted.emit(3)
    await client.flush()
    expect(heard).toEqual([])
  })

  test('are refused where the engine would not take them in one message, and nothing is sent', async () => {
    await subscribe()
    const error = await catchError(Promise.resolve(publisher.said.emit('x'.repeat(9_000))))
    expect([error['code'], error.message]).toEqual([
      'resource_exhausted',
      'payload of events.said has 9002 bytes of JSON, the engine takes 8128 at most: raise its max_payload, or send a reference to it',
    ])
    expect(await publisher.said.emit('x'.repeat(8_126))).toMatchObject({ failed: 0 })
  })

  test('arrive in order where a burst takes several messages', async () => {
    const peer = await start()
    const got: unknown[] = []
    const subscription = await peer.connect(events).said.subscribe((said) => void got.push(said))
    await expect.poll(() => subscription.peers.length).toBe(1)
    const sent = Array.from({ length: 60 }, (_, index) => `${index} ${'€'.repeat(500)}`)
    for (const text of sent) publisher.said.emit(text)
    await publisher.said.emit('x'.repeat(8_126))
    await expect.poll(() => got.length).toBe(61)
    expect(got.slice(0, -1)).toEqual(sent)
    await client.flush()
    expect(Math.max(...heard.map(([, text]) => Buffer.byteLength(text)))).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES)
  })

  test('that the server drops for a slow subscriber are counted there, and reach everybody else', async () => {
    const slow = await subscribe(line.url)
    const prompt = await subscribe()
    await publisher.counted.emit(1)
    await expect.poll(() => slow.got).toEqual([1])
    // The slow one's connection is congested by what is said: several times what sockets and the server hold.
    await slow.peer.connect(events).said.subscribe(() => {}, { peers: [there.id] })
    line.hold()
    let last = 1
    for (let said = 0; said < 4_000; said++) {
      publisher.said.emit('x'.repeat(8_000))
      await publisher.counted.emit(++last)
    }
    await expect.poll(() => prompt.got.length, { timeout: 20_000 }).toBe(last)
    line.release()
    await expect
      .poll(() => slow.got.length + slow.gaps.reduce((sum, { missed }) => sum + missed, 0), { timeout: 20_000 })
      .toBe(last)
    expect(slow.gaps.length).toBeGreaterThan(0)
    expect(prompt.gaps).toEqual([])
    expect(slow.got).toEqual(slow.got.toSorted((left, right) => left - right))
    await publisher.counted.emit(++last)
    await expect.poll(() => slow.got.at(-1)).toBe(last)
  })

  test.each([
    ['', undefined, 0],
    [', also to who may not be silent for so long', 100, 1_500],
  ])(
    'that were lost with the publisher’s connection alone are told as soon as it is back%s',
    async (_, beatMs, awayMs) => {
      const cut = await start(line.url)
      const { counted } = cut.connect(events)
      const engine = beatMs === undefined ? server.url : nats({ servers: server.url, beatMs })
      const { got, gaps } = await subscribe(engine, cut)
      await counted.emit(1)
      await expect.poll(() => got).toEqual([1])
      line.cut()
      const cutAtMs = performance.now()
      let emitted = 1
      await expect.poll(async () => (await counted.emit(++emitted)).failed, { timeout: 5_000 }).toBe(1)
      await expect.poll(() => performance.now() - cutAtMs, { timeout: 5_000 }).toBeGreaterThan(awayMs)
      line.mend()
      await expect.poll(() => gaps.map(({ missed }) => missed), { timeout: 5_000 }).toEqual([emitted - 1])
      await counted.emit(++emitted)
      await expect.poll(() => got).toEqual([1, emitted])
    },
  )

  test('that were lost before the publisher noticed that its connection is dead are told as soon as it is back', async () => {
    const stalled = await start(line.url)
    const { counted } = stalled.connect(events)
    const { got, gaps } = await subscribe(nats({ servers: server.url, beatMs: 100 }), stalled)
    await counted.emit(1)
    await expect.poll(() => got).toEqual([1])
    line.stall()
    let emitted = 1
    await expect.poll(async () => (await counted.emit(++emitted)).delivered, { timeout: 5_000 }).toBe(0)
    await expect.poll(() => gaps.map(({ missed }) => missed), { timeout: 5_000 }).toEqual([emitted - 1])
    await counted.emit(++emitted)
    await expect.poll(() => got).toEqual([1, emitted])
  })

  test('are not delivered to whoever has closed its subscription, though its connection was lost before', async () => {
    const { subscription, got } = await subscribe(line.url)
    await publisher.counted.emit(1)
    await expect.poll(() => got).toEqual([1])
    line.cut()
    await expect.poll(() => subscription.peers, { timeout: 5_000 }).toEqual([])
    line.mend()
    await expect.poll(() => subscription.peers.length, { timeout: 5_000 }).toBe(1)
    await subscription.close()
    await expect.poll(async () => (await publisher.counted.emit(2)).delivered).toBe(0)
  })

  test('go on behind what is no event, which is told in the log', async () => {
    const warn = vi.fn()
    const { got } = await subscribe(server.url, there, { ...silent, warn })
    await publisher.counted.emit(1)
    await expect.poll(() => got).toEqual([1])
    client.publish(nameSubject('counted'), '[10,1,2,')
    await client.flush()
    let last = 1
    await expect
      .poll(
        async () => {
          await publisher.counted.emit(++last)
          return got.at(-1)
        },
        { timeout: 5_000 },
      )
      .toBeGreaterThan(1)
    expect(warn).toHaveBeenCalledWith(
      'a peer cannot be subscribed to now',
      expect.objectContaining({ peer: there.id, reason: expect.stringMatching(/^what \S+ has sent is no event$/) }),
    )
  })

  test('have subscribers told that their publisher ends', async () => {
    const { subscription } = await subscribe()
    const subject = nameSubject('counted')
    await there.close()
    await expect.poll(() => heard).toContainEqual([subject, '!'])
    await expect.poll(() => subscription.peers).toEqual([])
  })

  test('tell the publisher of failures, of long ones the beginning', async () => {
    const peer = await start()
    const failures: DeliveryFailure[] = []
    publisher.counted.onDeliveryFailure((failure) => void failures.push(failure))
    const subscription = await peer.connect(events).counted.subscribe((count) => {
      throw new RangeError(count === 1 ? 'no room' : 'x'.repeat(10_000))
    })
    await expect.poll(() => subscription.peers.length).toBe(1)
    await publisher.counted.emit(1)
    await publisher.counted.emit(2)
    await expect.poll(() => failures.length).toBe(2)
    expect(failures.map(({ subscriber, sequence }) => [subscriber.id, sequence])).toEqual([
      [peer.id, 1],
      [peer.id, 2],
    ])
    expect(failures[0]?.error).toEqual(new RangeError('no room'))
    expect(failures[1]?.error.message).toMatch(/^x{300,400}/)
  })
})
