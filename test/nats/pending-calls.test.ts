import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CallScope } from '../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../runtime/call/scope/deadlines.js'
import { NatsCalls } from '../../runtime/transport/nats/calls/nats-calls.js'
import { PeerBook } from '../../runtime/transport/nats/peer-book.js'
import { AS_IT_CAME } from '../../runtime/wire/as-it-came.js'
import { catchError } from '../runtime/behaviour/harness.js'
import { FakeEngine } from './fake-engine.js'

const CALLER = { id: 'here', group: 'default' }
const CALLEE = { id: 'there', group: 'default', hub: false, host: 'there', port: 1 }

let engine: FakeEngine
let calls: NatsCalls
let deadlines: Deadlines
let lost: string[]

beforeEach(() => {
  vi.useFakeTimers()
  engine = new FakeEngine()
  lost = []
  deadlines = new Deadlines()
  calls = new NatsCalls(engine, new PeerBook(), CALLER, { lost: (id) => lost.push(id) })
})
afterEach(() => {
  calls.close()
  deadlines.close()
  vi.useRealTimers()
})

function send(timeoutMs = 60_000): Promise<unknown> {
  const call = { tag: 'a', body: 'null', timeLeftMs: timeoutMs, caller: CALLER }
  return calls.send(CALLEE, call, new CallScope(deadlines, 'a', timeoutMs), AS_IT_CAME)
}

test('a call is answered where it was to be answered', async () => {
  const call = send()
  expect(engine.published).toEqual(['ng.default.p.there.YQ null'])
  engine.arrive('5', undefined, engine.reply)
  expect(await call).toEqual({ ok: true, value: 5 })
})

test('an answer that comes twice, or to nobody, is counted and does nothing', async () => {
  const call = send()
  const { reply } = engine
  engine.arrive('5', undefined, reply)
  engine.arrive('6', undefined, reply)
  engine.arrive('7', undefined, `${reply}0`)
  expect(await call).toEqual({ ok: true, value: 5 })
  expect(calls.lateAnswers).toBe(2)
})

const HELD = 'ng.default.p.there.$held'

test('a peer that is waited for and says nothing is asked, and lost after 2.8 s', async () => {
  const call = catchError(send())
  const { reply = '' } = engine
  const inbox = reply.slice(0, -1)
  vi.advanceTimersByTime(2_799)
  const question = `${HELD} ${JSON.stringify({ inbox, calls: ['1'] })}`
  expect(engine.published.slice(1)).toEqual([question, question])
  expect(lost).toEqual([])
  vi.advanceTimersByTime(1)
  expect(await call).toMatchObject({
    code: 'unavailable',
    maybeExecuted: true,
    message: 'nothing was heard of there:1: the handler may have run',
  })
  expect(lost).toEqual(['there'])
})

test('a call is lost by its own silence, and not by that of one before', async () => {
  const first = catchError(send(2_300))
  vi.advanceTimersByTime(2_300)
  expect(await first).toMatchObject({ code: 'deadline_exceeded' })
  const second = send()
  const { reply } = engine
  vi.advanceTimersByTime(2_000)
  expect(lost).toEqual([])
  expect(engine.published.at(-1)).toMatch(HELD)
  engine.arrive('5', undefined, reply)
  expect(await second).toEqual({ ok: true, value: 5 })
})

test('a peer that has the call is waited for', async () => {
  const call = send()
  const { reply } = engine
  for (let beat = 0; beat < 20; beat++) {
    vi.advanceTimersByTime(700)
    if (engine.reply !== reply) engine.arrive('[]', undefined, engine.reply)
  }
  engine.arrive('5', undefined, reply)
  expect(await call).toEqual({ ok: true, value: 5 })
})

test('a call that its callee does not have was lost; those that it has go on', async () => {
  const [first, second] = [catchError(send()), send()]
  const { reply } = engine
  vi.advanceTimersByTime(1_400)
  engine.arrive('["1","3"]', undefined, engine.reply)
  expect(await first).toMatchObject({
    code: 'unavailable',
    maybeExecuted: true,
    message: 'a message between this peer and there:1 was lost: the handler may have run',
  })
  engine.arrive('5', undefined, reply)
  expect(await second).toEqual({ ok: true, value: 5 })
})

test.each(['', 'x', '{}', '[1]', '{"inbox":1}'])('an answer that is none, %j, ends no call', async (text) => {
  const call = send()
  const { reply } = engine
  vi.advanceTimersByTime(1_400)
  engine.arrive(text, undefined, engine.reply)
  engine.arrive('5', undefined, reply)
  expect(await call).toEqual({ ok: true, value: 5 })
})

test('the call of a peer that is gone ends', async () => {
  const call = catchError(send())
  calls.abandon(CALLEE)
  expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: true })
})

test('a call whose time is over tells its callee so', async () => {
  const call = catchError(send(1_000))
  const { reply } = engine
  vi.advanceTimersByTime(1_100)
  expect(await call).toMatchObject({ code: 'deadline_exceeded' })
  expect(engine.published.at(-1)).toBe(`ng.default.p.there.$cancel ${reply}`)
})

test('more calls than a peer takes are refused', async () => {
  const sent = Array.from({ length: 1_024 }, () => catchError(send()))
  expect(() => send()).toThrow(
    'a was not sent to there:1: 1024 calls to it are without an answer, which is its limit: wait for some of them',
  )
  calls.close()
  await Promise.all(sent)
})
