import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RemotePeer } from '../../../runtime/api/remote-peer.js'
import type { Lane } from '../../../runtime/events/subscriber/lane.js'
import { type FeedTaker, PublisherFeed } from '../../../runtime/events/subscriber/publisher-feed.js'
import type { ArrivedEvent, Feed } from '../../../runtime/wire/events.js'

const peer: RemotePeer = { id: 'publisher', group: 'notes', hub: false, host: '127.0.0.1', port: 3010 }
const LEASE_MS = 30_000

/** A session whose other end is the test. */
interface Opened {
  readonly lane: Lane
  readonly feed: { renew: ReturnType<typeof vi.fn>; close: ReturnType<typeof vi.fn> } & Feed
}

describe('one event of one publisher', () => {
  let feed: PublisherFeed
  let opened: Opened[]
  const taker = { take: vi.fn(), miss: vi.fn() } satisfies FeedTaker

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    for (const mock of Object.values(taker)) mock.mockReset()
    opened = []
    feed = new PublisherFeed(peer, {
      open: (_, lane) => {
        const over = { renew: vi.fn(), close: vi.fn(), reportFailure: vi.fn() }
        opened.push({ lane, feed: over })
        return over
      },
      onRefused: () => {},
      waitMs: () => 50,
    })
    feed.add(taker)
  })
  afterEach(() => {
    feed.close()
    vi.useRealTimers()
  })

  const findOpened = (index: number): Opened => {
    const found = opened[index]
    if (found === undefined) throw new Error(`session ${index} was not opened`)
    return found
  }
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const keep = (index: number, sequence: number): void =>
    findOpened(index).lane.onKept({ event: 1, sequence, leaseMs: LEASE_MS })

  test('is renewed three times in a lease', async () => {
    feed.meet(peer)
    await tick()
    keep(0, 0)
    vi.advanceTimersByTime(LEASE_MS / 3)
    expect(findOpened(0).feed.renew).toHaveBeenCalledOnce()
  })

  test.each([
    ['a millisecond, once in a second', 1, 1_000],
    ['longer than a timer can wait, once in an hour', Number.MAX_SAFE_INTEGER, 3_600_000],
  ])('is renewed, where the publisher gives it a lease of %s', async (_, leaseMs, wantMs) => {
    feed.meet(peer)
    await tick()
    findOpened(0).lane.onKept({ event: 1, sequence: 0, leaseMs })
    vi.advanceTimersByTime(wantMs - 1)
    expect(findOpened(0).feed.renew).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(findOpened(0).feed.renew).toHaveBeenCalledOnce()
  })

  test('is not renewed over a session that is leaving', async () => {
    feed.meet(peer)
    await tick()
    keep(0, 0)
    findOpened(0).lane.onLeaving()
    await tick()
    expect(opened).toHaveLength(2)
    vi.advanceTimersByTime(LEASE_MS)
    expect(findOpened(0).feed.renew).not.toHaveBeenCalled()
    keep(1, 0)
    expect(findOpened(0).feed.close).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(LEASE_MS / 3)
    expect(findOpened(1).feed.renew).toHaveBeenCalledOnce()
  })

  test('keeps 8 MiB back until all that came before has arrived, and counts what was dropped as missed', async () => {
    feed.meet(peer)
    await tick()
    keep(0, 0)
    const last = findOpened(0).lane
    last.onLeaving()
    await tick()
    const next = findOpened(1).lane
    keep(1, 1)
    const event = (sequence: number): ArrivedEvent => ({ sequence, emittedAtMs: 0, payload: null })
    for (let sequence = 2; sequence <= 6; sequence++) next.onEvent(event(sequence), 3 * 1_048_576)
    expect(taker.take).not.toHaveBeenCalled()
    last.onEvent(event(1), 20)
    expect(taker.take.mock.calls.map(([, { sequence }, missed]) => [sequence, missed])).toEqual([
      [1, 0],
      [5, 3],
      [6, 0],
    ])
  })

  test('has what comes before the answer, and is numbered behind it', async () => {
    feed.meet(peer)
    await tick()
    const { lane } = findOpened(0)
    for (const sequence of [6, 7, 8, 9]) lane.onEvent({ sequence, emittedAtMs: 0, payload: null }, 20)
    expect(taker.take).not.toHaveBeenCalled()
    keep(0, 7)
    lane.onEvent({ sequence: 10, emittedAtMs: 0, payload: null }, 20)
    expect(taker.take.mock.calls.map(([, { sequence }, missed]) => [sequence, missed])).toEqual([
      [8, 0],
      [9, 0],
      [10, 0],
    ])
    expect(taker.miss).not.toHaveBeenCalled()
  })

  test('moves on from a session that was leaving before it was its turn', async () => {
    feed.meet(peer)
    await tick()
    keep(0, 0)
    findOpened(0).lane.onLeaving()
    await tick()
    findOpened(1).lane.onLeaving()
    keep(1, 0)
    await tick()
    expect(opened).toHaveLength(3)
    keep(2, 0)
    vi.advanceTimersByTime(LEASE_MS / 3)
    expect(opened.map(({ feed: { renew } }) => renew.mock.calls.length)).toEqual([0, 0, 1])
  })
})
