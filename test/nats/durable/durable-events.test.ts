import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type DeadLetter, type DurableDelivery, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type OrdersStub, orders } from '../../../fixtures/durable/generated/orders.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { prepareNats } from '../nats-server.js'
import { type JetStreamServer, startJetStream } from './jetstream-server.js'

const problem = prepareNats()

describe.skipIf(problem !== undefined)(problem ?? 'a durable event', () => {
  let registry: string
  let server: JetStreamServer
  let groups = 0
  const peers: Peer[] = []

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    server = await startJetStream()
  })
  afterEach(async () => {
    groups++
    await Promise.all(peers.splice(0).map((peer) => peer.close()))
  })
  afterAll(async () => {
    await server.stop()
    await rm(registry, { recursive: true })
  })

  async function startPeer(options: PeerOptions = {}): Promise<Peer> {
    const group = `shop-${groups}`
    const peer = await createPeer({ engine: server.url, registry, port: 0, group, logger: silent, ...options })
    peers.push(peer)
    return peer
  }

  async function start(options: PeerOptions = {}): Promise<{ peer: Peer } & OrdersStub> {
    const peer = await startPeer(options)
    return { peer, ...peer.connect(orders) }
  }

  const place = ({ placed }: OrdersStub, number: number): ReturnType<OrdersStub['placed']['emit']> =>
    placed.emit({ number, cents: 1n })

  test('is stored when its emission has resolved, and arrives with all that is known of it', async () => {
    const shop = await start()
    const got: [unknown, DurableDelivery][] = []
    const beganAtMs = Date.now()
    await shop.placed.subscribe((order, delivery) => void got.push([order, delivery]), { name: 'accounting' })
    expect(await shop.placed.emit({ number: 7, cents: 2n ** 70n }, { id: 'order-7' })).toEqual({
      id: 'order-7',
      sequence: 1,
      isDuplicate: false,
    })
    await expect.poll(() => got.length).toBe(1)
    const { storedAtMs, ...delivery } = got[0]?.[1] ?? ({} as DurableDelivery)
    expect(got[0]?.[0]).toEqual({ number: 7, cents: 2n ** 70n })
    expect(delivery).toEqual({
      id: 'order-7',
      sequence: 1,
      deliveries: 1,
      publisher: { id: shop.peer.id, group: shop.peer.group },
    })
    expect(storedAtMs).toBeGreaterThanOrEqual(beganAtMs - 1)
    expect(storedAtMs).toBeLessThanOrEqual(Date.now() + 1)
  })

  test('that is emitted twice with one id is stored once, and another event may have the same id', async () => {
    const shop = await start()
    const first = await shop.placed.emit({ number: 1, cents: 1n }, { id: 'a' })
    expect(await shop.placed.emit({ number: 1, cents: 1n }, { id: 'a' })).toEqual({ ...first, isDuplicate: true })
    expect(await shop.dayEnded.emit(undefined, { id: 'a' })).toMatchObject({ isDuplicate: false })
  })

  test('is kept for who subscribes later: from the first, a time or a sequence on, and by default what comes', async () => {
    const shop = await start()
    await place(shop, 1)
    const { sequence } = await place(shop, 2)
    await new Promise((resolve) => setTimeout(resolve, 5))
    const since = new Date()
    await place(shop, 3)
    const got: Record<string, number[]> = { all: [], new: [], at: [], on: [] }
    const follow = (name: string, from?: 'all' | Date | { sequence: number }): Promise<unknown> =>
      shop.placed.subscribe(({ number }) => void got[name]?.push(number), { name, ...(from && { from }) })
    await follow('all', 'all')
    await follow('new')
    await follow('at', since)
    await follow('on', { sequence })
    await place(shop, 4)
    await expect.poll(() => got).toEqual({ all: [1, 2, 3, 4], new: [4], at: [3, 4], on: [2, 3, 4] })
  })

  test('goes to one of those with the same name, and to each name', async () => {
    const [shop, other] = [await start(), await start()]
    const here: number[] = []
    const there: number[] = []
    const elsewhere: number[] = []
    const slowly =
      (list: number[]) =>
      async ({ number }: { number: number }) => {
        list.push(number)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    await shop.placed.subscribe(slowly(here), { name: 'accounting' })
    await other.placed.subscribe(slowly(there), { name: 'accounting' })
    await other.placed.subscribe(({ number }) => void elsewhere.push(number), { name: 'shipping' })
    const numbers = Array.from({ length: 40 }, (_, index) => index)
    await Promise.all(numbers.map((number) => place(shop, number)))
    await expect.poll(() => [...here, ...there].sort((left, right) => left - right)).toEqual(numbers)
    await expect.poll(() => elsewhere).toEqual(numbers)
    expect(Math.min(here.length, there.length)).toBeGreaterThan(5)
  })

  test('whose handler fails comes again, later each time, and is a dead letter in the end', async () => {
    const shop = await start()
    const attempts: { deliveries: number; atMs: number }[] = []
    const letters: DeadLetter[] = []
    const handled: number[] = []
    await shop.placed.subscribe(
      async ({ number }, { deliveries }) => {
        if (number !== 1) {
          handled.push(number)
          return
        }
        attempts.push({ deliveries, atMs: performance.now() })
        throw new RangeError('the ledger is closed')
      },
      { name: 'accounting', maxDeliveries: 3, backoffMs: 100, onDeadLetter: (letter) => void letters.push(letter) },
    )
    await shop.placed.emit({ number: 1, cents: 5n }, { id: 'bad' })
    await place(shop, 2)
    await expect.poll(() => letters.length, { timeout: 10_000 }).toBe(1)
    expect(letters[0]).toMatchObject({
      id: 'bad',
      deliveries: 3,
      payload: { number: 1, cents: '5' },
      error: new RangeError('the ledger is closed'),
    })
    expect(attempts.map(({ deliveries }) => deliveries)).toEqual([1, 2, 3])
    const pauses = attempts.slice(1).map(({ atMs }, index) => atMs - (attempts[index]?.atMs ?? 0))
    expect(pauses[0]).toBeGreaterThanOrEqual(90)
    expect(pauses[1]).toBeGreaterThanOrEqual(190)
    expect(handled).toEqual([2])
  })

  test('that is ordered waits for those before it, in whatever process they fail', async () => {
    const [shop, other] = [await start(), await start()]
    const got: number[] = []
    let running = 0
    const options = { name: 'accounting', ordered: true, backoffMs: 50 }
    const handle = async ({ number }: { number: number }, { deliveries }: DurableDelivery): Promise<void> => {
      expect(++running).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running--
      if (number % 7 === 3 && deliveries < 3) throw new Error('not yet')
      got.push(number)
    }
    await shop.placed.subscribe(handle, options)
    await other.placed.subscribe(handle, options)
    const numbers = Array.from({ length: 20 }, (_, index) => index)
    for (const number of numbers) void place(shop, number)
    await expect.poll(() => got.length, { timeout: 20_000 }).toBe(20)
    expect(got).toEqual(numbers)
  })

  test('is handled as often at once as is asked for', async () => {
    const shop = await start()
    let running = 0
    let most = 0
    let done = 0
    await shop.placed.subscribe(
      async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 20))
        running--
        done++
      },
      { name: 'accounting', concurrency: 5 },
    )
    await Promise.all(Array.from({ length: 30 }, (_, number) => place(shop, number)))
    await expect.poll(() => done).toBe(30)
    expect(most).toBe(5)
  })

  test('may be handled for longer than its process may be silent', async () => {
    const [shop, other] = [await start(), await start()]
    const deliveries: number[] = []
    let done = 0
    const handle = async (_: unknown, delivery: DurableDelivery): Promise<void> => {
      deliveries.push(delivery.deliveries)
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      done++
    }
    await shop.placed.subscribe(handle, { name: 'accounting', silenceMs: 1_000 })
    await other.placed.subscribe(handle, { name: 'accounting', silenceMs: 1_000 })
    await place(shop, 1)
    await expect.poll(() => done, { timeout: 10_000 }).toBe(1)
    expect(deliveries).toEqual([1])
  })

  test('that is being handled when its subscription is closed is done first, and the next goes on from there', async () => {
    const shop = await start()
    const got: number[] = []
    let goOn = (): void => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const first = await shop.placed.subscribe(
      async ({ number }) => {
        await held
        got.push(number)
      },
      { name: 'accounting' },
    )
    await place(shop, 1)
    await place(shop, 2)
    expect(shop.peer.subscriptions).toEqual(new Map([['orders.placed', [first]]]))
    const closing = first.close()
    expect(shop.peer.subscriptions.size).toBe(0)
    goOn()
    await closing
    const before = got.length
    await place(shop, 3)
    await using _ = await shop.placed.subscribe(({ number }) => void got.push(number), { name: 'accounting' })
    await expect.poll(() => got).toEqual([1, 2, 3])
    expect(before).toBeLessThan(2)
  })

  test('whose subscription is forgotten begins anew under its name', async () => {
    const shop = await start()
    const got: number[] = []
    const options = { name: 'accounting', from: 'all' } as const
    const handle = ({ number }: { number: number }): void => void got.push(number)
    await place(shop, 1)
    const first = await shop.placed.subscribe(handle, options)
    await expect.poll(() => got).toEqual([1])
    await first.close()
    const second = await shop.placed.subscribe(handle, options)
    await place(shop, 2)
    await expect.poll(() => got).toEqual([1, 2])
    await second.forget()
    await shop.placed.subscribe(handle, options)
    await expect.poll(() => got).toEqual([1, 2, 1, 2])
    expect(await shop.placed.forget('shipping')).toBe(false)
  })

  test('given by a loop is done when the next is asked for, and goes back where the loop is left', async () => {
    const shop = await start()
    for (const number of [1, 2, 3]) await place(shop, number)
    const seen: [number, number][] = []
    const loop = async (upTo: number): Promise<void> => {
      for await (const { payload, deliveries } of shop.placed.subscribe({ name: 'accounting', from: 'all' })) {
        seen.push([payload.number, deliveries])
        if (payload.number === upTo) return
      }
    }
    await loop(2)
    await loop(3)
    expect(seen).toEqual([
      [1, 1],
      [2, 1],
      [2, 2],
      [3, expect.any(Number)],
    ])
  })

  test('has its older names too', async () => {
    const shop = await start()
    const descriptor = orders.events.find(({ name }) => name === 'shipped')
    const older = { ...orders, digest: 'older', events: [{ ...descriptor, tag: 'Bestellung verschickt', aliases: [] }] }
    const old = (await startPeer()).connect(older as unknown as typeof orders)
    const got: number[] = []
    await shop.shipped.subscribe((number) => void got.push(number), { name: 'now' })
    await old.shipped.subscribe((number) => void got.push(-number), { name: 'then' })
    await shop.shipped.emit(1)
    await expect.poll(() => got.sort()).toEqual([-1, 1])
  })

  test.each([0, 1])('is stored where its peer closes right behind its emission, with %d before it', async (before) => {
    const shop = await start()
    for (let number = 0; number < before; number++) await place(shop, number)
    const emitted = place(shop, 7)
    await shop.peer.close()
    expect(await emitted).toMatchObject({ sequence: before + 1 })
  })

  test('is prepared by hooks, in the order in which it was emitted', async () => {
    const shop = await start()
    const got: number[] = []
    await shop.placed.subscribe(({ number }) => void got.push(number), { name: 'accounting' })
    using _ = shop.placed.beforeEmit(async (order) => {
      await new Promise((resolve) => setTimeout(resolve, order.number === 1 ? 20 : 0))
      return { ...order, number: order.number * 10 }
    })
    await Promise.all([1, 2, 3].map((number) => place(shop, number)))
    await expect.poll(() => got).toEqual([10, 20, 30])
  })
})
