import { beforeEach, describe, expect, test, vi } from 'vitest'
import fixture from '../../../../fixtures/wire/session.json' with { type: 'json' }
import { createHello } from '../../../../runtime/transport/session/hello.js'
import { Session } from '../../../../runtime/transport/session/session.js'
import { Turns } from '../../../../runtime/transport/session/turns.js'
import type { EventSink, FeedListener } from '../../../../runtime/wire/events.js'
import { createRefusal } from '../../../../runtime/wire/refusal-record.js'
import { SharedLines } from '../../../../runtime/wire/shared-lines.js'
import { FakeLink } from './fake-link.js'
import { noStreams } from './no-streams.js'

const self = { id: 'self', group: 'notes', hub: false, host: '127.0.0.1', port: 3011 }
const theirs = { id: 'b4b62b08490fe9a4', group: 'notes' }

describe("a session's events", () => {
  let link: FakeLink
  let session: Session
  const events = { limit: vi.fn(), keep: vi.fn(), drop: vi.fn(), end: vi.fn(), takeFailure: vi.fn() }
  const listener = { onKept: vi.fn(), onEvent: vi.fn(), onLeaving: vi.fn(), onEnd: vi.fn() } satisfies FeedListener

  beforeEach(() => {
    for (const mock of [...Object.values(events), ...Object.values(listener)]) mock.mockReset()
    events.keep.mockReturnValue({ event: 3, sequence: 7, leaseMs: 30_000 })
    link = new FakeLink()
    session = new Session({
      link,
      role: 'dialer',
      hello: createHello(self, []),
      events,
      turns: new Turns(),
      onOpen: () => {},
      onEnd: () => {},
      answerer: { tags: [], schemas: [], isFull: false, ...noStreams, serves: () => true, serve: vi.fn() },
    })
    link.receive(fixture.hello)
  })

  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  /** All but the hello. */
  const readSent = async (): Promise<unknown[]> => {
    await tick()
    return link.lines.slice(1)
  }

  describe('of the other side', () => {
    test('are asked for, arrive and are ended', async () => {
      const feed = session.subscribe('notes.saved', listener)
      expect(await readSent()).toEqual([[9, 1, 'notes.saved']])
      link.receive([2, 1, { event: 5, sequence: 2, leaseMs: 30_000 }], [10, 5, 3, 0, 'first'], [10, 6, 1, 0, 'other'])
      expect(listener.onKept.mock.calls).toEqual([[{ event: 5, sequence: 2, leaseMs: 30_000 }]])
      const arrived = { sequence: 3, emittedAtMs: 0, payload: 'first' }
      expect(listener.onEvent.mock.calls).toEqual([[arrived, '[10,5,3,0,"first"]'.length]])
      feed.close()
      link.receive([10, 5, 4, 0, 'late'])
      expect(listener.onEvent).toHaveBeenCalledOnce()
      expect((await readSent()).slice(1)).toEqual([[4, 1]])
      expect(link.closed).toBeUndefined()
    })

    test('are renewed under a new id, which then ends them', async () => {
      const feed = session.subscribe('notes.saved', listener)
      link.receive([2, 1, { event: 5, sequence: 0, leaseMs: 30_000 }])
      feed.renew()
      link.receive([2, 3, { event: 5, sequence: 4, leaseMs: 30_000 }])
      feed.close()
      expect(await readSent()).toEqual([
        [9, 1, 'notes.saved'],
        [9, 3, 'notes.saved'],
        [4, 3],
      ])
      expect(listener.onKept).toHaveBeenCalledTimes(2)
    })

    test('may come back from a renewal with another number, under which alone they are heard', () => {
      const feed = session.subscribe('notes.saved', listener)
      link.receive([2, 1, { event: 5, sequence: 0, leaseMs: 30_000 }])
      feed.renew()
      link.receive([2, 3, { event: 6, sequence: 0, leaseMs: 30_000 }], [10, 5, 1, 0, 'old'], [10, 6, 1, 0, 'new'])
      expect(listener.onEvent.mock.calls.map(([{ payload }]) => payload)).toEqual(['new'])
    })

    test.each<[string, () => void]>([
      ['is leaving', () => link.receive([8, 'another session is kept'])],
      ['has ended', () => link.lose()],
    ])('are not renewed over a session that %s', async (_, end) => {
      const feed = session.subscribe('notes.saved', listener)
      link.receive([2, 1, { event: 5, sequence: 0, leaseMs: 30_000 }])
      await tick()
      end()
      feed.renew()
      await tick()
      expect(link.lines.filter((line) => (line as unknown[])[0] === 9)).toEqual([[9, 1, 'notes.saved']])
    })

    test('are a mistake where a payload is over 1 MiB', () => {
      session.subscribe('notes.saved', listener)
      link.receive([2, 1, { event: 5, sequence: 0, leaseMs: 30_000 }], [10, 5, 1, 0, 'x'.repeat(1_048_574)])
      expect(listener.onEvent).toHaveBeenCalledOnce()
      link.receive([10, 5, 2, 0, 'x'.repeat(1_048_640)])
      expect(listener.onEvent).toHaveBeenCalledOnce()
      expect(link.closed).toEqual([4400, 'an event is longer than it may be'])
    })

    test('may share a line, up to the one whose handler ends the subscription', () => {
      const heard: unknown[] = []
      const feed = session.subscribe('notes.saved', {
        ...listener,
        onEvent: ({ sequence, payload }, length) => {
          heard.push([sequence, payload, length])
          if (payload === 'b') feed.close()
        },
      })
      const line = [13, 5, 3, 0, ['a', 'b', 'c']]
      link.receive([2, 1, { event: 5, sequence: 2, leaseMs: 30_000 }], line)
      const part = Math.ceil(JSON.stringify(line).length / 3)
      expect(heard).toEqual([
        [3, 'a', part],
        [4, 'b', part],
      ])
      expect(link.closed).toBeUndefined()
    })

    test('are a mistake where more than 256 share a line', () => {
      session.subscribe('notes.saved', listener)
      link.receive([2, 1, { event: 5, sequence: 0, leaseMs: 30_000 }], [13, 5, 1, 0, Array(256).fill(null)])
      expect(listener.onEvent).toHaveBeenCalledTimes(256)
      link.receive([13, 5, 257, 0, Array(257).fill(null)])
      expect(listener.onEvent).toHaveBeenCalledTimes(256)
      expect(link.closed).toEqual([4400, 'a line is no message'])
    })

    test('may be refused', () => {
      session.subscribe('notes.saved', listener)
      link.receive([3, 1, createRefusal('resource_exhausted', 'too many')])
      expect(listener.onEnd.mock.calls).toEqual([[expect.objectContaining({ code: 'resource_exhausted' })]])
    })

    test.each([
      ['no object', 'kept'],
      ['no number', { event: '5', sequence: 0, leaseMs: 1 }],
      ['a sequence below 0', { event: 5, sequence: -1, leaseMs: 1 }],
      ['a lease of no time', { event: 5, sequence: 0, leaseMs: 0 }],
    ])('are a mistake where the answer is %s', (_, output) => {
      session.subscribe('notes.saved', listener)
      link.receive([2, 1, output])
      expect(link.closed).toEqual([4400, '1 is no answer to a subscription'])
      expect(listener.onEnd).toHaveBeenCalledOnce()
    })

    test('end with the link', () => {
      session.subscribe('notes.saved', listener)
      link.lose()
      expect(listener.onEnd.mock.calls).toEqual([[expect.objectContaining({ code: 'unavailable' })]])
      expect(() => session.subscribe('notes.saved', listener)).toThrow('the connection to 127.0.0.1:3010 has ended')
    })

    test('keep a session open that both have left, until they are ended', async () => {
      const feed = session.subscribe('notes.saved', listener)
      link.receive([2, 1, { event: 5, sequence: 0, leaseMs: 30_000 }], [8, 'another session is kept'])
      expect(listener.onLeaving).toHaveBeenCalledOnce()
      expect(link.closed).toBeUndefined()
      link.receive([10, 5, 1, 0, null])
      expect(listener.onEvent).toHaveBeenCalledOnce()
      feed.close()
      expect(link.closed).toEqual([1000, ''])
    })
  })

  describe('of this side', () => {
    const findSink = (): EventSink => events.keep.mock.calls[0]?.[0] as EventSink

    test('are kept for whoever asks, and sent behind the answer', async () => {
      link.receive([9, 2, 'notes.saved'])
      expect(events.keep).toHaveBeenCalledWith(findSink(), 'notes.saved')
      expect(findSink().subscriber).toEqual(theirs)
      findSink().way.send(new SharedLines('[10,3,8,0,"a"]\n[10,3,9,0,"b"]\n'), 'notes.saved')
      expect(await readSent()).toEqual([
        [2, 2, { event: 3, sequence: 7, leaseMs: 30_000 }],
        [10, 3, 8, 0, 'a'],
        [10, 3, 9, 0, 'b'],
      ])
    })

    test('are asked for by tags of 1,024 units at most', () => {
      link.receive([9, 2, 'é'.repeat(1_024)])
      expect(events.keep).toHaveBeenCalledOnce()
      expect(link.closed).toBeUndefined()
      link.receive([9, 4, 'é'.repeat(1_025)])
      expect(events.keep).toHaveBeenCalledOnce()
      expect(link.closed).toEqual([4400, 'a line is no message'])
    })

    test('wait while a megabyte waits to leave', () => {
      link.receive([9, 2, 'notes.saved'])
      const resume = vi.fn()
      expect(findSink().way.isCongested(resume)).toBe(false)
      link.bufferedBytes = 1_048_577
      expect(findSink().way.isCongested(resume)).toBe(true)
      link.drain()
      expect(resume).toHaveBeenCalledOnce()
    })

    test('are ended by the last id alone, and by the end of the link', () => {
      link.receive([9, 2, 'notes.saved'], [9, 4, 'notes.saved'], [4, 2])
      expect(events.drop).not.toHaveBeenCalled()
      link.receive([4, 4])
      expect(events.drop.mock.calls).toEqual([[findSink(), 3]])
      link.lose()
      expect(events.end.mock.calls).toEqual([[findSink()]])
    })

    test('keep no session open where they have lapsed', () => {
      link.receive([9, 2, 'notes.saved'], [8, 'the peer is closing'])
      expect(link.closed).toBeUndefined()
      findSink().onLapse(3)
      expect(link.closed).toEqual([1000, ''])
    })

    test('cannot be ended where they have lapsed', () => {
      link.receive([9, 2, 'notes.saved'])
      findSink().onLapse(3)
      link.receive([4, 2])
      expect(events.drop).not.toHaveBeenCalled()
      expect(link.closed).toBeUndefined()
    })

    test('hear of failures', () => {
      const error = createRefusal('internal', 'it failed')
      link.receive([12, 3, 8, error])
      expect(events.takeFailure).not.toHaveBeenCalled()
      link.receive([9, 2, 'notes.saved'], [12, 3, 8, error])
      expect(events.takeFailure.mock.calls).toEqual([
        [findSink(), 3, 8, expect.objectContaining({ message: 'it failed' })],
      ])
    })
  })
})
