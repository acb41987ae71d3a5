import type { Gap, Peer, PeerOptions } from 'netgen/runtime'
import { createMemoryNetwork, type MemoryNetwork } from 'netgen/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { type EventsStub, events } from '../../../fixtures/behaviour/generated/events.js'
import { silent } from '../behaviour/harness.js'

describe('events over a network with faults', () => {
  let network: MemoryNetwork

  afterEach(() => network.close())

  const open = async (options: PeerOptions = {}): Promise<{ peer: Peer; stub: EventsStub }> => {
    const peer = await network.createPeer({ logger: silent, ...options })
    return { peer, stub: peer.connect(events) }
  }

  test('what is lost while two peers do not reach each other is told when they do again', async () => {
    network = createMemoryNetwork()
    const publisher = await open()
    const subscriber = await open()
    const got: number[] = []
    const gaps: Gap[] = []
    const subscription = await subscriber.stub.counted.subscribe((count) => got.push(count), {
      onGap: (gap) => gaps.push(gap),
    })
    for (const count of [1, 2]) await publisher.stub.counted.emit(count)
    await expect.poll(() => got).toEqual([1, 2])
    network.disconnect(publisher.peer, subscriber.peer)
    expect(subscription.peers).toEqual([])
    for (const count of [3, 4, 5]) expect(await publisher.stub.counted.emit(count)).toMatchObject({ delivered: 0 })
    network.heal(publisher.peer, subscriber.peer)
    await expect.poll(() => subscription.peers.length, { timeout: 5_000 }).toBe(1)
    expect(gaps).toEqual([{ peer: expect.objectContaining({ id: publisher.peer.id }), missed: 3, from: 3 }])
    await publisher.stub.counted.emit(6)
    await expect.poll(() => got).toEqual([1, 2, 6])
    expect(gaps).toHaveLength(1)
  })

  test('who is cut off changes nothing for the others', async () => {
    network = createMemoryNetwork()
    const publisher = await open()
    const cut = await open()
    const other = await open()
    const got: number[] = []
    await cut.stub.counted.subscribe(() => {})
    await other.stub.counted.subscribe((count) => got.push(count))
    network.disconnect(publisher.peer, cut.peer)
    expect(await publisher.stub.counted.emit(1)).toEqual({ delivered: 1, failed: 0, dropped: 0 })
    await expect.poll(() => got).toEqual([1])
  })

  test('events take as long as calls do, and keep their order', async () => {
    network = createMemoryNetwork({ latencyMs: 30 })
    const publisher = await open()
    const subscriber = await open()
    const got: number[] = []
    await subscriber.stub.counted.subscribe((count) => got.push(count))
    const startedAtMs = performance.now()
    for (let count = 0; count < 100; count++) publisher.stub.counted.emit(count)
    await expect.poll(() => got.length, { interval: 1 }).toBe(100)
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(29)
    expect(got).toEqual(Array.from({ length: 100 }, (_, index) => index))
  })
})
