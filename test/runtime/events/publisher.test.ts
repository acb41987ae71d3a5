import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DeliveryFailure } from '../../../runtime/api/event.js'
import { OpenEmission } from '../../../runtime/events/publisher/open-emission.js'
import { Publisher } from '../../../runtime/events/publisher/publisher.js'
import type { Channel } from '../../../runtime/events/publisher/topic.js'
import { createRefusal } from '../../../runtime/wire/refusal-record.js'
import { FakeSink } from './fake-sink.js'

const LEASE_MS = 30_000

describe('a publisher', () => {
  let publisher: Publisher
  let channel: Channel
  let failures: DeliveryFailure[]
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    failures = []
    for (const write of Object.values(logger)) write.mockClear()
    publisher = new Publisher({ logger, leaseMs: LEASE_MS })
    channel = publisher.open({
      tags: ['notes.saved', 'notes.kept', 'notes.first'],
      digest: 'ab54c7ef',
      onFailure: (failure) => failures.push(failure),
    })
  })
  afterEach(() => {
    publisher.close()
    vi.useRealTimers()
  })

  const emit = (payload: unknown, on = channel): OpenEmission => {
    const emission = new OpenEmission(() => {})
    publisher.publish(on, JSON.stringify(payload), emission)
    return emission
  }
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  test('sends what one tick emits as one frame, the same bytes to all subscribers', async () => {
    const sinks = [new FakeSink(), new FakeSink(), new FakeSink()]
    const kept = sinks.map((sink) => publisher.keep(sink, 'notes.saved'))
    expect(kept).toEqual(Array.from({ length: 3 }, () => ({ event: 1, sequence: 0, leaseMs: LEASE_MS })))
    emit('a')
    emit('b')
    expect(sinks.flatMap(({ frames }) => frames)).toEqual([])
    await tick()
    const atMs = expect.any(Number)
    expect(sinks[0]?.frames).toEqual([[[13, 1, 1, atMs, ['a', 'b']]]])
    expect(new Set(sinks.flatMap(({ sent }) => sent)).size).toBe(1)
    expect(sinks[0]?.sent[0]?.bytes).toBe(sinks[2]?.sent[0]?.bytes)
  })

  test('sends a frame as soon as it has 8 KiB', () => {
    const sink = new FakeSink()
    publisher.keep(sink, 'notes.saved')
    emit('x'.repeat(5_000))
    expect(sink.frames).toHaveLength(0)
    emit('x'.repeat(5_000))
    expect(sink.frames).toHaveLength(1)
  })

  test.each([
    ['two', 2, 4],
    ['a hundred', 100, 13],
  ])(
    'sends fewer and longer frames to %s subscribers: of 8 KiB for each, and of 64 KiB at most',
    (_, count, events) => {
      const sinks = Array.from({ length: count }, (_, index) => new FakeSink(`subscriber ${index}`))
      for (const sink of sinks) publisher.keep(sink, 'notes.saved')
      for (let event = 1; event < events; event++) emit('x'.repeat(5_200))
      expect(sinks[0]?.frames).toHaveLength(0)
      emit('x'.repeat(5_200))
      expect(sinks.map(({ frames }) => frames.length)).toEqual(Array(count).fill(1))
    },
  )

  test('sends nothing of before to a new subscriber', async () => {
    emit('a')
    emit('b')
    const sink = new FakeSink()
    expect(publisher.keep(sink, 'notes.saved')).toEqual({ event: 1, sequence: 2, leaseMs: LEASE_MS })
    emit('c')
    await tick()
    expect(sink.payloads).toEqual(['c'])
  })

  test('keeps the order of several events for each subscriber', async () => {
    const other = publisher.open({ tags: ['notes.deleted'], digest: '9d01b2c3', onFailure: () => {} })
    const [both, one] = [new FakeSink(), new FakeSink()]
    publisher.keep(both, 'notes.saved')
    publisher.keep(both, 'notes.deleted')
    publisher.keep(one, 'notes.deleted')
    emit('a')
    emit('b', other)
    emit('c')
    await tick()
    expect(both.payloads).toEqual(['a', 'b', 'c'])
    expect(one.payloads).toEqual(['b'])
  })

  test('lets events wait for who reads too slowly, and drops the oldest past a thousand', async () => {
    const [slow, prompt] = [new FakeSink('slow'), new FakeSink('prompt')]
    publisher.keep(slow, 'notes.saved')
    publisher.keep(prompt, 'notes.saved')
    slow.congest()
    const emissions = Array.from({ length: 1_200 }, (_, index) => emit(index))
    await tick()
    expect(prompt.payloads).toHaveLength(1_200)
    expect(slow.payloads).toEqual([])
    expect(await emissions[199]).toEqual({ delivered: 1, failed: 0, dropped: 1 })
    expect(logger.warn.mock.calls).toEqual([
      ['a subscriber reads too slowly: its oldest events are dropped', { subscriber: 'slow', tag: 'notes.saved' }],
    ])
    // Whatever waits is still on its way, and what went before can be told apart from what was dropped.
    expect(publisher.keep(slow, 'notes.saved').sequence).toBe(200)
    slow.drain()
    expect(slow.payloads).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 200))
    expect(await emissions[200]).toEqual({ delivered: 2, failed: 0, dropped: 0 })
    expect(logger.warn.mock.calls.at(-1)).toEqual(['a subscriber has caught up', { subscriber: 'slow', dropped: 200 }])
    emit('next')
    await tick()
    expect(slow.payloads.at(-1)).toBe('next')
  })

  test('drops the oldest past 8 MiB too', async () => {
    const slow = new FakeSink()
    publisher.keep(slow, 'notes.saved')
    slow.congest()
    const emissions = Array.from({ length: 10 }, () => emit('x'.repeat(1_000_000)))
    await tick()
    expect(await emissions[1]).toEqual({ delivered: 0, failed: 0, dropped: 1 })
    slow.drain()
    expect(slow.payloads).toHaveLength(8)
  })

  test('counts as failed whom an event waited for when he was lost', async () => {
    const slow = new FakeSink()
    publisher.keep(slow, 'notes.saved')
    slow.congest()
    const emission = emit('a')
    await tick()
    publisher.end(slow)
    expect(await emission).toEqual({ delivered: 0, failed: 1, dropped: 0 })
    expect(await emit('b')).toEqual({ delivered: 0, failed: 0, dropped: 0 })
  })

  describe('with subscribers who share a way', () => {
    let way: FakeSink
    let sinks: FakeSink[]

    beforeEach(() => {
      way = new FakeSink('the way')
      sinks = ['one', 'two', 'three'].map((id) => new FakeSink(id, way))
      for (const sink of sinks) publisher.keep(sink, 'notes.saved')
    })

    test('sends each event once, and counts all of them', async () => {
      expect(await emit('a')).toEqual({ delivered: 3, failed: 0, dropped: 0 })
      expect(way.payloads).toEqual(['a'])
    })

    test('sends nothing when the last of them has gone', async () => {
      const [first, second, third] = sinks as [FakeSink, FakeSink, FakeSink]
      publisher.end(first)
      publisher.drop(second, 1)
      expect(await emit('a')).toMatchObject({ delivered: 1 })
      publisher.end(third)
      expect(await emit('b')).toMatchObject({ delivered: 0 })
      expect(way.payloads).toEqual(['a'])
    })

    test('counts a renewal as no further one, and whose subscription lapses no more', async () => {
      publisher.keep(sinks[0] as FakeSink, 'notes.saved')
      expect(await emit('a')).toMatchObject({ delivered: 3 })
      vi.advanceTimersByTime(LEASE_MS)
      publisher.keep(sinks[0] as FakeSink, 'notes.saved')
      vi.advanceTimersByTime(LEASE_MS / 3)
      expect(sinks.map(({ lapsed }) => lapsed)).toEqual([[], [1], [1]])
      expect(await emit('b')).toMatchObject({ delivered: 1 })
    })

    test('counts them all as failed where nothing leaves', async () => {
      way.isLost = true
      expect(await emit('a')).toEqual({ delivered: 0, failed: 3, dropped: 0 })
    })

    test('has what waits leave once, and says of it to no new one that it is missed', async () => {
      way.congest()
      const emission = emit('a')
      await tick()
      expect(publisher.keep(sinks[0] as FakeSink, 'notes.saved').sequence).toBe(0)
      expect(publisher.keep(new FakeSink('four', way), 'notes.saved').sequence).toBe(1)
      way.drain()
      expect(await emission).toEqual({ delivered: 3, failed: 0, dropped: 0 })
      expect(way.payloads).toEqual(['a'])
    })

    test('fails what waits where the way is lost', async () => {
      way.congest()
      const emission = emit('a')
      await tick()
      way.isLost = true
      way.drain()
      expect(await emission).toEqual({ delivered: 0, failed: 3, dropped: 0 })
    })

    test('drops what waits for all of them, and says so once', async () => {
      way.congest()
      const emissions = Array.from({ length: 1_001 }, (_, index) => emit(index))
      await tick()
      expect(await emissions[0]).toEqual({ delivered: 0, failed: 0, dropped: 3 })
      expect(logger.warn.mock.calls).toEqual([
        ['a subscriber reads too slowly: its oldest events are dropped', { subscriber: 'the way', tag: 'notes.saved' }],
      ])
    })

    test.each(['sent at once', 'that waited'])('splits what is too long for one message: %s', async (when) => {
      way.maxBytes = 4_096
      const payloads = Array.from({ length: 20 }, (_, index) => `${index} ${'€'.repeat(300)}`)
      way[when === 'that waited' ? 'congest' : 'drain']()
      for (const payload of payloads) emit(payload)
      await tick()
      way.drain()
      expect(way.payloads).toEqual(payloads)
      expect(Math.max(...way.sent.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(4_096)
      expect(way.sent.length).toBeLessThan(20)
    })
  })

  test('refuses payloads that are too long for what carries them, whoever is subscribed', () => {
    publisher.limit({ maxBytes: 5, explanation: 'five are enough: say less' })
    expect(() => emit('€')).not.toThrow()
    expect(() => emit('€!')).toThrow('payload of notes.saved has 6 bytes of JSON, five are enough: say less')
    expect(channel.sequence).toBe(1)
  })

  test('row 63: a subscription holds for a lease, and longer where it is renewed', async () => {
    const [renewed, silent] = [new FakeSink('renewed'), new FakeSink('silent')]
    publisher.keep(renewed, 'notes.saved')
    publisher.keep(silent, 'notes.saved')
    vi.advanceTimersByTime(LEASE_MS)
    expect(await emit('a')).toMatchObject({ delivered: 2 })
    publisher.keep(renewed, 'notes.saved')
    vi.advanceTimersByTime(LEASE_MS / 3)
    expect(await emit('b')).toMatchObject({ delivered: 1 })
    expect(logger.debug.mock.calls).toContainEqual([
      'a subscription has lapsed',
      { tag: 'notes.saved', subscriber: 'silent' },
    ])
    expect(silent.payloads).toEqual(['a'])
    expect([silent.lapsed, renewed.lapsed]).toEqual([[1], []])
    // Who comes back learns what it has missed.
    expect(publisher.keep(silent, 'notes.saved')).toMatchObject({ event: 1, sequence: 2 })
    vi.advanceTimersByTime(2 * LEASE_MS)
    expect(await emit('c')).toEqual({ delivered: 0, failed: 0, dropped: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('hands an event to older tags of it too, each under its own number', async () => {
    const [newer, older] = [new FakeSink(), new FakeSink()]
    publisher.keep(newer, 'notes.saved')
    publisher.keep(older, 'notes.kept')
    expect(await emit('a')).toEqual({ delivered: 2, failed: 0, dropped: 0 })
    expect(newer.frames[0]?.[0]?.slice(0, 3)).toEqual([10, 1, 1])
    expect(older.frames[0]?.[0]?.slice(0, 3)).toEqual([10, 2, 1])
  })

  test('hands an event to those of its moment, whoever comes and goes while it leaves', async () => {
    const [leaving, coming] = [new FakeSink('leaving'), new FakeSink('coming')]
    const disturbing = new FakeSink('disturbing')
    publisher.keep(disturbing, 'notes.kept')
    publisher.keep(leaving, 'notes.saved')
    vi.spyOn(disturbing, 'send').mockImplementationOnce(() => {
      publisher.end(leaving)
      publisher.keep(coming, 'notes.first')
      return true
    })
    // It leaves at once under the first tag, before it is handed out under the others.
    const emission = emit('x'.repeat(10_000))
    expect(await emission).toEqual({ delivered: 1, failed: 0, dropped: 0 })
    expect([...leaving.frames, ...coming.frames]).toEqual([])
    emit('later')
    await tick()
    expect(coming.payloads).toEqual(['later'])
  })

  test('a thousand subscriptions of one session are enough, and a renewal is none', () => {
    const sink = new FakeSink()
    for (let index = 0; index < 1_000; index++) publisher.keep(sink, `tag ${index}`)
    expect(() => publisher.keep(sink, 'one more')).toThrow(
      'subscription to "one more" is refused: one session has 1000, which is the limit',
    )
    expect(publisher.keep(sink, 'tag 7').event).toBe(8)
    expect(publisher.keep(new FakeSink(), 'one more').event).toBe(1_001)
  })

  test("hears of a subscriber's failure, but not of more than ten in a second, nor from anybody else", async () => {
    const sink = new FakeSink()
    const { event } = publisher.keep(sink, 'notes.saved')
    const record = createRefusal('internal', 'it failed')
    publisher.takeFailure(new FakeSink(), event, 1, record)
    publisher.takeFailure(sink, event + 1, 1, record)
    expect(failures).toEqual([])
    for (let index = 0; index < 100; index++) publisher.takeFailure(sink, event, index + 1, record)
    expect(failures.length).toBeGreaterThanOrEqual(10)
    expect(failures.length).toBeLessThanOrEqual(20)
    expect(failures[0]).toMatchObject({
      subscriber: { id: 'subscriber', group: 'notes' },
      sequence: 1,
      error: { message: 'it failed' },
    })
  })

  test('hears of no more failures where a subscriber comes anew each time, as over an engine', () => {
    for (let index = 0; index < 100; index++) {
      const sink = new FakeSink()
      const { event } = publisher.keep(sink, 'notes.saved')
      publisher.takeFailure(sink, event, index + 1, createRefusal('internal', 'it failed'))
      publisher.drop(sink, event)
    }
    expect(failures.length).toBeGreaterThanOrEqual(10)
    expect(failures.length).toBeLessThanOrEqual(20)
  })

  test('hears of no more failures where the subscription is ended and asked for again', () => {
    const sink = new FakeSink()
    for (let index = 0; index < 100; index++) {
      const { event } = publisher.keep(sink, 'notes.saved')
      publisher.takeFailure(sink, event, index + 1, createRefusal('internal', 'it failed'))
      publisher.drop(sink, event)
    }
    expect(failures.length).toBeGreaterThanOrEqual(10)
    expect(failures.length).toBeLessThanOrEqual(20)
  })
})
