import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RemotePeer } from '../../../../runtime/api/remote-peer.js'
import { EngineProvider } from '../../../../runtime/discovery/engine/engine-provider.js'
import type { EngineMessage } from '../../../../runtime/transport/nats/engine.js'
import { printIdentity } from '../../../../runtime/transport/nats/identity-record.js'
import { PeerBook } from '../../../../runtime/transport/nats/peer-book.js'
import { nameBeats } from '../../../../runtime/transport/nats/subjects.js'
import { FakeEngine } from '../../../nats/fake-engine.js'
import { createPeer } from '../fake-provider.js'

/** Keeps what is answered, and who hears what. */
class BeatingEngine extends FakeEngine {
  readonly answers: string[] = []
  readonly heard = new Map<string, (message: EngineMessage) => void>()

  override subscribe(subject: string, onMessage: (message: EngineMessage) => void): () => void {
    this.heard.set(subject, onMessage)
    return () => this.heard.delete(subject)
  }
  override answer(request: EngineMessage, data: string): void {
    this.answers.push(`${request.reply} ${data}`)
  }
  say(kind: string, peer: RemotePeer, parts: object = {}, reply?: string): void {
    const record = { kind, peer: JSON.parse(printIdentity(peer)) as object, ...parts }
    const data = Buffer.from(JSON.stringify(record))
    const message = { subject: nameBeats(peer.group), data, reply, headers: undefined, isUnheard: false }
    for (const hear of [...this.heard.values()].slice(-1)) hear(message)
  }
}

describe('peers at an engine', () => {
  let engine: BeatingEngine
  let book: PeerBook
  let provider: EngineProvider
  const answered = vi.fn<(peer: RemotePeer) => void>()

  beforeEach(async () => {
    vi.useFakeTimers()
    engine = new BeatingEngine()
    book = new PeerBook()
    provider = new EngineProvider(() => engine, book, { beatMs: 2_000, ownGroupOnly: true })
    answered.mockReset()
    await provider.start(createPeer('self'), {
      add: () => undefined,
      answered,
      remove: () => {},
      recheck: () => {},
    } as never)
  })
  afterEach(async () => {
    await provider.stop()
    vi.useRealTimers()
  })

  test('hear their own group alone where they are told to, and beat as often as they are told to', () => {
    expect([...engine.heard.keys()]).toEqual(['ng.notes.i.self', 'ng.notes.beat'])
    engine.published.length = 0
    vi.advanceTimersByTime(6_000)
    expect(engine.published).toHaveLength(3)
    expect(engine.published[0]).toMatch(/^ng\.notes\.beat {"kind":"beat","everyMs":2000,"peer":{"id":"self",/)
  })

  test('answer a hello to whoever greets, and to nobody else', () => {
    engine.published.length = 0
    engine.say('hello', createPeer('new'), {}, 'ng.notes.i.new')
    expect(engine.published).toEqual([])
    expect(engine.answers).toEqual([
      expect.stringMatching(/^ng\.notes\.i\.new {"kind":"beat","everyMs":2000,"peer":{"id":"self",/),
    ])
  })

  test('take their time for that where many are known, and 100 ms at most', () => {
    for (let index = 0; index < 1_000; index++) engine.say('beat', createPeer(`p${index}`, { port: index + 1 }))
    for (let index = 0; index < 100; index++) engine.say('hello', createPeer('new'), {}, `ng.notes.i.${index}`)
    const counts = [0, 25, 25, 50].map((ms) => {
      vi.advanceTimersByTime(ms)
      return engine.answers.length
    })
    expect(counts[0]).toBeLessThan(20)
    expect(counts[2]).toBeGreaterThan(20)
    expect(counts[2]).toBeLessThan(80)
    expect(counts[3]).toBe(100)
  })

  test('are given up after four of their own beats, and after those of 600 ms where they do not say how often they beat', () => {
    engine.say('beat', createPeer('slow'), { everyMs: 5_000 })
    engine.say('beat', createPeer('odd', { port: 2 }), { everyMs: -1 })
    const find = (id: string): number => provider.patienceWith(createPeer(id)).goneAfterMs
    expect([find('slow'), find('odd')]).toEqual([20_000, 2_400])
    vi.advanceTimersByTime(19_000)
    expect([book.mayReturn('slow'), book.mayReturn('odd')]).toEqual([true, false])
  })
})
