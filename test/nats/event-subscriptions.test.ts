import { beforeEach, describe, expect, test, vi } from 'vitest'
import { CallScope } from '../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../runtime/call/scope/deadlines.js'
import { NatsEvents } from '../../runtime/transport/nats/events/nats-events.js'
import { PeerBook } from '../../runtime/transport/nats/peer-book.js'
import type { EventSink, Feed, FeedListener } from '../../runtime/wire/events.js'
import {
  MAX_ENGINE_SUBSCRIBERS,
  MAX_ENGINE_SUBSCRIPTIONS,
  MAX_SESSION_SUBSCRIPTIONS,
} from '../../runtime/wire/limits.js'
import { createRefusal } from '../../runtime/wire/refusal-record.js'
import { SharedLines } from '../../runtime/wire/shared-lines.js'
import { encodeTag } from '../../runtime/wire/tag.js'
import { FakeEngine } from './fake-engine.js'

const self = { id: 'here', group: 'notes' }
const other = { id: 'there', group: 'notes', hub: false, host: 'host', port: 3010 }
const TAG = encodeTag('notes.saved')
const KEPT = { event: 3, sequence: 7, leaseMs: 30_000 }

describe('events over an engine', () => {
  let engine: FakeEngine
  let natsEvents: NatsEvents
  const source = { limit: vi.fn(), keep: vi.fn(), drop: vi.fn(), end: vi.fn(), takeFailure: vi.fn() }
  const answer = vi.fn()

  beforeEach(async () => {
    for (const mock of [...Object.values(source), answer]) mock.mockReset()
    source.keep.mockReturnValue(KEPT)
    engine = new FakeEngine()
    engine.answer = (_, text) => answer(JSON.parse(text))
    natsEvents = new NatsEvents(engine, new PeerBook(), self, source)
    await natsEvents.listen()
  })

  describe('of this peer', () => {
    const ask = (what: string, message: unknown): void =>
      engine.arriveAt(`ng.notes.p.here.$${what}`, JSON.stringify(message))
    const subscribe = (id: string, feed: number, tag = TAG): void =>
      ask('subscribe', { peer: { id, group: 'notes' }, feed, tag })
    const findSink = (call = 0): EventSink => source.keep.mock.calls[call]?.[0] as EventSink

    test('are kept for whoever asks, who all share one way', () => {
      subscribe('a', 1)
      subscribe('b', 1)
      expect(answer.mock.calls).toEqual([[KEPT], [KEPT]])
      expect(source.keep.mock.calls.map(([sink, tag]) => [(sink as EventSink).subscriber, tag])).toEqual([
        [{ id: 'a', group: 'notes' }, 'notes.saved'],
        [{ id: 'b', group: 'notes' }, 'notes.saved'],
      ])
      expect(findSink(0).way).toBe(findSink(1).way)
      expect(findSink().way.send(new SharedLines('[10,3,8,0,"a"]\n'), 'notes.saved')).toBe(true)
      expect(engine.published).toEqual([`ng.notes.e.here.${TAG} [10,3,8,0,"a"]\n`])
    })

    test('are given up when the last subscription of a peer to them is ended', () => {
      subscribe('a', 1)
      subscribe('a', 2)
      ask('unsubscribe', { id: 'a', feed: 1 })
      ask('unsubscribe', { id: 'b', feed: 2 })
      expect(source.drop).not.toHaveBeenCalled()
      ask('unsubscribe', { id: 'a', feed: 2 })
      expect(source.drop.mock.calls).toEqual([[findSink(), 3]])
    })

    test('are one for each event of a peer, however often it was lost and asked for again', () => {
      let feed = 0
      for (let connection = 0; connection < 30; connection++)
        for (let event = 1; event <= 50; event++) subscribe('a', ++feed, encodeTag(`notes.${event}`))
      expect(answer.mock.calls.filter(([given]) => 'error' in given)).toEqual([])
      ask('unsubscribe', { id: 'a', feed: feed - 50 })
      expect(source.drop).not.toHaveBeenCalled()
      for (let last = feed - 49; last <= feed; last++) ask('unsubscribe', { id: 'a', feed: last })
      expect(source.drop).toHaveBeenCalledTimes(50)
      natsEvents.close()
      expect(engine.published).toEqual([])
    })

    test('are ended by the number that was asked for last, though an older one was renewed behind it', () => {
      for (const feed of [1, 2, 1]) subscribe('a', feed)
      ask('unsubscribe', { id: 'a', feed: 1 })
      expect(source.drop).not.toHaveBeenCalled()
      ask('unsubscribe', { id: 'a', feed: 2 })
      expect(source.drop.mock.calls).toEqual([[findSink(), 3]])
    })

    test.each<[string, unknown]>([
      ['no peer', { feed: 1, tag: TAG }],
      ['a group that is none', { peer: { id: 'a', group: '' }, feed: 1, tag: TAG }],
      ['no number', { peer: self, feed: 0, tag: TAG }],
      ['a tag that is none', { peer: self, feed: 1, tag: 'notes.saved' }],
      ['a tag that is too long', { peer: self, feed: 1, tag: 'a'.repeat(700) }],
    ])('are kept for nobody who names %s', (_, message) => {
      ask('subscribe', message)
      expect([source.keep.mock.calls, answer.mock.calls]).toEqual([[], []])
    })

    test('are kept for nobody new while it ends', () => {
      subscribe('a', 1)
      natsEvents.leave()
      subscribe('a', 1)
      subscribe('b', 1)
      const error = { code: 'unavailable', message: 'the peer is closing' }
      expect(answer.mock.calls).toEqual([[KEPT], [KEPT], [{ error }]])
    })

    test('are kept for so many subscriptions of a peer, and so many peers', () => {
      for (let feed = 1; feed <= MAX_SESSION_SUBSCRIPTIONS + 1; feed++) subscribe('a', feed, encodeTag(`notes.${feed}`))
      for (let peer = 1; peer <= MAX_ENGINE_SUBSCRIBERS; peer++) subscribe(`b${peer}`, 1)
      const refusals = answer.mock.calls.flat().filter((given) => 'error' in given)
      expect(refusals.map(({ error }) => error.message)).toEqual([
        'subscription to "notes.1001" is refused: one peer has 1000, which is the limit',
        'subscription to "notes.saved" is refused: 10000 peers are subscribed, which is the limit',
      ])
    })

    test('are kept for so many subscriptions of all peers together, and for more when some have ended', () => {
      const tags = Array.from({ length: MAX_SESSION_SUBSCRIPTIONS }, (_, event) => encodeTag(`notes.${event}`))
      const peers = MAX_ENGINE_SUBSCRIPTIONS / MAX_SESSION_SUBSCRIPTIONS
      for (let peer = 1; peer <= peers; peer++)
        for (const [at, tag] of tags.entries()) subscribe(`a${peer}`, at + 1, tag)
      const listRefusals = (): string[] =>
        answer.mock.calls.flatMap(([{ error }]) => (error === undefined ? [] : [error.message]))
      expect(listRefusals()).toEqual([])
      subscribe('b', 1)
      subscribe('a1', 1, tags[0])
      const refusal = 'subscription to "notes.saved" is refused: all peers together have 100000, which is the limit'
      expect(listRefusals()).toEqual([refusal])
      ask('unsubscribe', { id: 'a1', feed: 1 })
      subscribe('b', 1)
      subscribe('c', 1)
      expect(listRefusals()).toEqual([refusal, refusal])
      findSink(MAX_SESSION_SUBSCRIPTIONS).onLapse(KEPT.event)
      subscribe('c', 1)
      subscribe('d', 1)
      expect(listRefusals()).toEqual([refusal, refusal, refusal])
      natsEvents.abandon({ ...other, id: 'a3' })
      subscribe('d', 1)
      expect(listRefusals()).toHaveLength(3)
    })

    test('are ended for a peer of which nothing was heard, which asks again should it be there', () => {
      subscribe('there', 1)
      natsEvents.abandon(other)
      expect(source.end.mock.calls).toEqual([[findSink()]])
      expect(engine.published).toEqual([`ng.notes.e.here.${TAG} ?there`])
    })

    test('are asked for again behind a loss of the engine, where what asked for them may be lost with it', () => {
      subscribe('there', 1)
      natsEvents.abandon(other)
      for (let loss = 0; loss < 2; loss++) {
        engine.published.length = 0
        engine.lose()
        engine.regain()
        expect(engine.published).toEqual([`ng.notes.e.here.${TAG} ?`])
      }
      engine.take()
      engine.published.length = 0
      engine.lose()
      engine.regain()
      expect(engine.published).toEqual([])
    })

    test('are kept while the engine is down, where nobody could be heard', () => {
      subscribe('there', 1)
      engine.lose()
      natsEvents.abandon(other)
      expect(source.end).not.toHaveBeenCalled()
    })

    test('are forgotten where a subscription lapses', () => {
      subscribe('a', 1)
      findSink().onLapse(3)
      natsEvents.close()
      expect(engine.published).toEqual([])
    })

    test('have failures told by who is subscribed', () => {
      const error = createRefusal('internal', 'no room')
      ask('failure', { id: 'a', event: 3, sequence: 8, error })
      subscribe('a', 1)
      ask('failure', { id: 'a', event: 3, sequence: 8, error })
      ask('failure', { id: 'a', event: 3, sequence: 0, error })
      engine.arriveAt('ng.notes.p.here.$failure', '{')
      expect(source.takeFailure.mock.calls).toEqual([
        [findSink(), 3, 8, expect.objectContaining({ message: 'no room' })],
      ])
    })

    test('wait for no engine that is lost', () => {
      subscribe('a', 1)
      const { way } = findSink()
      const resume = vi.fn()
      engine.bufferedBytes = 1_048_577
      expect(way.isCongested(resume)).toBe(true)
      engine.lose()
      expect(resume).toHaveBeenCalledOnce()
      expect(way.send(new SharedLines('[10,3,8,0,"a"]\n'), 'notes.saved')).toBe(false)
    })
  })

  describe('of another peer', () => {
    const subject = `ng.notes.e.there.${TAG}`
    const listener = { onKept: vi.fn(), onEvent: vi.fn(), onLeaving: vi.fn(), onEnd: vi.fn() } satisfies FeedListener
    const request = vi.fn()
    const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

    beforeEach(() => {
      for (const mock of Object.values(listener)) mock.mockReset()
      request.mockReset().mockImplementation(() => Promise.resolve(Buffer.from(JSON.stringify(KEPT))))
      engine.request = request
    })

    const subscribe = async (): Promise<Feed> => {
      const scope = new CallScope(new Deadlines(), 'notes.saved', 1_000)
      const feed = await natsEvents.subscribe(other, 'notes.saved', listener, scope)
      scope.finish()
      await settle()
      return feed
    }

    test('are asked for, heard and ended', async () => {
      request.mockImplementationOnce(() => {
        engine.arriveAt(subject, '[10,3,7,0,"before"]\n')
        const answer = Promise.resolve(Buffer.from(JSON.stringify(KEPT)))
        // Read from the socket at once with the answer, whose promise settles later.
        engine.arriveAt(subject, '[10,3,8,5,"a"]\n')
        return answer
      })
      const feed = await subscribe()
      const asked = JSON.stringify({ peer: self, feed: 1, tag: TAG })
      expect(request.mock.calls).toEqual([['ng.notes.p.there.$subscribe', asked, 5_000]])
      expect(listener.onKept.mock.calls).toEqual([[KEPT]])
      engine.arriveAt(subject, '[13,3,9,5,["b","c"]]\n')
      expect(listener.onEvent.mock.calls.map(([event]) => event)).toEqual([
        { sequence: 7, emittedAtMs: 0, payload: 'before' },
        { sequence: 8, emittedAtMs: 5, payload: 'a' },
        { sequence: 9, emittedAtMs: 5, payload: 'b' },
        { sequence: 10, emittedAtMs: 5, payload: 'c' },
      ])
      feed.close()
      engine.arriveAt(subject, '[10,3,11,5,"d"]\n')
      expect(listener.onEvent).toHaveBeenCalledTimes(4)
      expect(engine.published).toEqual(['ng.notes.p.there.$unsubscribe {"id":"here","feed":1}'])
      expect(listener.onEnd).not.toHaveBeenCalled()
    })

    test.each(['?', '?here'])('are asked for again where the publisher wants that: %s', async (text) => {
      vi.spyOn(Math, 'random').mockReturnValue(0)
      await subscribe()
      engine.arriveAt(subject, '?another')
      await settle()
      expect(request).toHaveBeenCalledTimes(1)
      engine.arriveAt(subject, text)
      await expect.poll(() => request.mock.calls.length).toBe(2)
    })

    test('are asked for one at a time, however often the publisher wants that, and once more for what it wanted last', async () => {
      await subscribe()
      const answers: ((answer: Buffer | 'late') => void)[] = []
      request.mockImplementation(() => new Promise((resolve) => void answers.push(resolve)))
      for (let renewal = 0; renewal < 1_000; renewal++) engine.arriveAt(subject, '?here')
      expect(answers).toHaveLength(1)
      answers[0]?.('late')
      await settle()
      expect(answers).toHaveLength(2)
      answers[1]?.(Buffer.from(JSON.stringify(KEPT)))
      await settle()
      expect([answers.length, listener.onKept.mock.calls.length]).toEqual([2, 2])
    })

    test('are asked for again where the publisher wants that while it is asked', async () => {
      await subscribe()
      const answers: ((answer: Buffer) => void)[] = []
      request.mockImplementation(() => new Promise((resolve) => void answers.push(resolve)))
      engine.arriveAt(subject, '?here')
      engine.arriveAt(subject, '?here')
      answers[0]?.(Buffer.from(JSON.stringify(KEPT)))
      await settle()
      expect([answers.length, listener.onKept.mock.calls.length]).toEqual([2, 2])
      engine.lose()
      answers[1]?.(Buffer.from(JSON.stringify(KEPT)))
      await settle()
      expect([answers.length, listener.onKept.mock.calls.length]).toEqual([2, 2])
    })

    test('are heard on where the publisher takes too long to renew them, and asked for again', async () => {
      const feed = await subscribe()
      request.mockResolvedValueOnce('late')
      feed.renew()
      await expect.poll(() => listener.onKept.mock.calls.length).toBe(2)
      expect(request).toHaveBeenCalledTimes(3)
      expect(listener.onEnd).not.toHaveBeenCalled()
    })

    test('are ended at the publisher too where they are lost, while there is an engine', async () => {
      await subscribe()
      engine.arriveAt(subject, 'tea')
      expect(engine.published).toEqual(['ng.notes.p.there.$unsubscribe {"id":"here","feed":1}'])
      await subscribe()
      engine.lose()
      expect(engine.published).toHaveLength(1)
      expect(listener.onEnd).toHaveBeenCalledTimes(2)
    })

    test.each<[string, () => void, string]>([
      ['the publisher ends', () => engine.arriveAt(subject, '!'), 'host:3010 has ended'],
      ['nothing was heard of it', () => natsEvents.abandon(other), 'nothing was heard of host:3010'],
      ['the engine is lost', () => engine.lose(), 'the engine is down since 1970-01-01T00:00:00.000Z'],
      ['what comes is no event', () => engine.arriveAt(subject, '[10,3]'), 'what host:3010 has sent is no event'],
      ['what comes is no JSON', () => engine.arriveAt(subject, '[10,3,8,0,"]'), 'what host:3010 has sent is no event'],
      [
        'what comes is no UTF-8',
        () => engine.arriveAt(subject, Buffer.of(0xff)),
        'what host:3010 has sent is no event',
      ],
    ])('end where %s', async (_, happen, message) => {
      await subscribe()
      happen()
      expect(listener.onEnd.mock.calls.map(([error]) => (error as Error).message)).toEqual([message])
    })

    test.each<[string | Buffer, string, string]>([
      ['nobody', 'unavailable', 'no peer listens at host:3010: it has ended, or never ran there'],
      ['late', 'deadline_exceeded', 'host:3010 did not answer within 5000 ms'],
      [
        'refused',
        'permission_denied',
        'the engine does not permit this peer to ask host:3010: permit ng.notes.p.there.$subscribe to its user',
      ],
      [Buffer.from('7'), 'unavailable', 'host:3010 keeps no subscription: its answer is none'],
      [
        Buffer.from('{"error":{"code":"resource_exhausted","message":"too many"}}'),
        'resource_exhausted',
        'host:3010 keeps no subscription: too many',
      ],
    ])('end where the answer is %s', async (given, code, message) => {
      request.mockResolvedValue(given)
      await subscribe()
      expect(listener.onEnd.mock.calls).toEqual([[expect.objectContaining({ code, message })]])
    })

    test('are not asked for while the engine is down', async () => {
      engine.lose()
      await expect(subscribe()).rejects.toMatchObject({ code: 'unavailable' })
      expect(request).not.toHaveBeenCalled()
    })
  })
})
