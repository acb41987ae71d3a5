import { createMemoryNetwork, type MemoryNetworkOptions } from 'netgen/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from '../behaviour/handlers.js'
import { catchError, silent } from '../behaviour/harness.js'
import { StreamHandlers } from '../behaviour/stream-handlers.js'

async function openStreams(options: MemoryNetworkOptions = {}) {
  const network = createMemoryNetwork(options)
  const here = await network.createPeer({ logger: silent, retryMs: 0 })
  const there = await network.createPeer({ logger: silent })
  const handlers = new StreamHandlers()
  there.connect(streams, handlers)
  const stub: StreamsStub = here.connect(streams)
  return { network, here, there, handlers, stub, peer: there.id }
}

const LOST = { code: 'unavailable', maybeExecuted: true, message: 'the connection was lost: the handler may have run' }

async function open(options: MemoryNetworkOptions = {}) {
  const network = createMemoryNetwork(options)
  const here = await network.createPeer({ logger: silent, retryMs: 0 })
  const there = await network.createPeer({ logger: silent })
  const handlers = new Handlers()
  there.connect(schema, handlers)
  const notes: SchemaStub = here.connect(schema)
  return { network, here, there, handlers, notes, peer: there.id }
}

describe('a network in memory', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('takes its time for a call and for its answer', async () => {
    const { network, notes, handlers, peer } = await open({ latencyMs: 40 })
    const beganAtMs = performance.now()
    const call = notes.greet({ peer })
    await new Promise((resolve) => setImmediate(resolve))
    expect(handlers.ran).toEqual([])
    expect(await call).toBe('hello')
    // Timers of Node may fire up to a millisecond early.
    expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(78)
    await network.close()
  })

  test('takes its time for each item of a stream, and for what asks for it', async () => {
    const { network, stub, peer } = await openStreams({ latencyMs: 20 })
    const items = stub.count({ many: 2 }, { peer })
    for (const want of [{ value: 0 }, { value: 1 }, { done: true }]) {
      const beganAtMs = performance.now()
      expect(await items.next()).toMatchObject(want)
      // Timers of Node may fire up to a millisecond early.
      expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(38)
    }
    const beganAtMs = performance.now()
    expect(await stub.sum([1, 2], { peer })).toBe(3)
    // Its answer is asked for, too, and so is each item, and the end of them.
    expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(4 * 38)
    await network.close()
  })

  test('lets a deadline pass while a call is on its way, which then never arrives', async () => {
    const { network, notes, handlers, peer } = await open({ latencyMs: 50 })
    expect(await catchError(notes.greet({ peer, timeoutMs: 10 }))).toMatchObject({
      code: 'deadline_exceeded',
      maybeExecuted: true,
    })
    // Whatever is on its way would have arrived before this one.
    await notes.forget('it', { peer })
    expect(handlers.ran).toEqual(['forget it'])
    await network.close()
  })

  test('loses what is under way between two peers, and reaches no further, until it is healed', async () => {
    const { network, notes, here, there, handlers, peer } = await open()
    const call = catchError(notes.wait({ ms: 60_000 }, { peer }))
    await expect.poll(() => handlers.ran).toEqual(['wait'])
    network.disconnect(here, there)
    expect(await call).toMatchObject({
      code: 'unavailable',
      maybeExecuted: true,
      message: 'the connection was lost: the handler may have run',
    })
    await expect.poll(() => handlers.aborted.length).toBe(1)
    expect(await catchError(notes.greet({ peer }))).toMatchObject({
      code: 'unavailable',
      maybeExecuted: false,
      message: `memory:${there.port} is not reached: the network is disconnected`,
    })
    expect(await here.peers({ refresh: true })).toEqual([])
    network.heal(there.id, here.id)
    expect(await notes.greet({ peer })).toBe('hello')
    expect((await here.peers({ refresh: true })).map(({ id }) => id)).toEqual([there.id])
    await network.close()
  })

  test('loses an output that is open between two peers, whose generator is closed', async () => {
    const { network, here, there, handlers, stub, peer } = await openStreams()
    const items = stub.count({ many: 1_000 }, { peer })
    expect(await items.next()).toMatchObject({ value: 0 })
    network.disconnect(here, there)
    expect(await catchError(items.next())).toMatchObject(LOST)
    await expect.poll(() => handlers.told).toEqual(['count begins', 'count is closed'])
    expect(await catchError(stub.count({ many: 1 }, { peer }).next())).toMatchObject({ maybeExecuted: false })
    network.heal(here, there)
    expect(await stub.count({ many: 1 }, { peer }).next()).toMatchObject({ value: 0 })
    await network.close()
  })

  test('loses an input that is open between two peers, whose generator is closed', async () => {
    const { network, here, there, stub, peer } = await openStreams()
    const told: string[] = []
    async function* forEver(): AsyncGenerator<number> {
      try {
        for (let item = 1; ; item++) {
          told.push(`item ${item}`)
          yield item
          if (item === 2) network.disconnect(here, there)
        }
      } finally {
        told.push('closed')
      }
    }
    expect(await catchError(stub.sum(forEver(), { peer }))).toMatchObject(LOST)
    await expect.poll(() => told.at(-1)).toBe('closed')
    await network.close()
  })

  test('has who is cut off become suspect, and leave; and join again as soon as it is reached', async () => {
    const { network, here, there } = await open()
    const changes = here.watch()
    const read = async (): Promise<unknown> => (await changes.next()).value?.type
    expect(await read()).toBe('joined')
    network.disconnect(here, there)
    expect([await read(), await read()]).toEqual(['suspect', 'left'])
    expect(await here.peers()).toEqual([])
    network.heal(here, there)
    expect(await read()).toBe('joined')
    expect((await here.peers()).map(({ id }) => id)).toEqual([there.id])
    await network.close()
  })

  test('goes on between others where two are disconnected', async () => {
    const { network, notes, here, there } = await open()
    const third = await network.createPeer({ logger: silent })
    third.connect(schema, new Handlers())
    network.disconnect(here, there)
    expect(await notes.greet({ peer: third.id })).toBe('hello')
    await network.close()
  })

  test('gives answers in another order, the same for the same seed, and each to its own call', async () => {
    const orderWith = async (seed: number): Promise<number[]> => {
      const { network, notes, peer } = await open({ reorder: true, seed })
      const order: number[] = []
      const numbers = Array.from({ length: 20 }, (_, index) => index)
      await notes.add({ left: 0, right: 0 }, { peer })
      const sums = await Promise.all(
        numbers.map(async (left) => {
          const sum = await notes.add({ left, right: 1 }, { peer })
          order.push(left)
          return sum
        }),
      )
      expect(sums).toEqual(numbers.map((left) => left + 1))
      expect([...order].sort((left, right) => left - right)).toEqual(numbers)
      expect(order).not.toEqual(numbers)
      await network.close()
      return order
    }
    expect(await orderWith(7)).toEqual(await orderWith(7))
    expect(await orderWith(7)).not.toEqual(await orderWith(8))
  })

  test.each<[unknown, string]>([
    [{ latency: 5 }, 'option "latency" of createMemoryNetwork is unknown: did you mean "latencyMs"?'],
    [{ loss: 5 }, 'option "loss" of createMemoryNetwork is unknown: expected latencyMs, reorder, seed'],
    [{ latencyMs: -1 }, 'option latencyMs of createMemoryNetwork is -1, expected milliseconds from 0 to 60000'],
    [{ reorder: 1 }, 'option reorder of createMemoryNetwork is 1, expected true or false'],
    [null, 'options of createMemoryNetwork are null, expected an object such as { latencyMs: 5 }'],
    [5, 'options of createMemoryNetwork are 5, expected an object such as { latencyMs: 5 }'],
    [{ seed: 1.5 }, 'option seed of createMemoryNetwork is 1.5, expected a whole number'],
  ])('cannot be made with %j', (options, message) => {
    expect(() => createMemoryNetwork(options as MemoryNetworkOptions)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message }),
    )
  })
})
