import { nextTick as later } from 'node:process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CallScope } from '../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../runtime/call/scope/deadlines.js'
import { NatsCalls } from '../../runtime/transport/nats/calls/nats-calls.js'
import { PeerBook } from '../../runtime/transport/nats/peer-book.js'
import { AS_IT_CAME } from '../../runtime/wire/as-it-came.js'
import type { WireCall } from '../../runtime/wire/exchange.js'
import { MAX_ANSWER_BYTES } from '../../runtime/wire/limits.js'
import { catchError } from '../runtime/behaviour/harness.js'
import { FakeEngine } from './fake-engine.js'

const CALLER = { id: 'here', group: 'default' }
const CALLEE = { id: 'there', group: 'default', hub: false, host: 'there', port: 1 }

/** When what was written by now has left. */
const nextTick = promisify((done: () => void) => later(done))

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

function send(timeoutMs = 60_000, rest: Partial<WireCall> = {}, peer = CALLEE): Promise<unknown> {
  const call = { tag: 'a', body: 'null', timeLeftMs: timeoutMs, caller: CALLER, ...rest }
  return calls.send(peer, call, new CallScope(deadlines, 'a', timeoutMs), AS_IT_CAME)
}

/** What begins the subjects where the peer that was called last answers. */
function findInbox(): string {
  return engine.reply?.replace(/[^.]+$/, '') ?? ''
}

function answer(lines: string, inbox = findInbox()): void {
  engine.arrive(lines, undefined, `${inbox}a`)
}

test('a call is answered where it was to be answered, below a name that tells who calls', async () => {
  const call = send()
  await nextTick()
  expect(engine.published).toEqual(['ng.default.p.there.YQ 1 60000 null\n'])
  expect(engine.reply).toMatch(/^ng\.default\.i\.here\.[\w-]{12}\.0-1$/)
  answer('1 200 5')
  expect(await call).toEqual({ ok: true, value: 5 })
})

test('the calls of one tick to one connection of a peer share a message, and so may their answers', async () => {
  const sent = [send(), send(), send(undefined, { tag: 'b' })]
  expect(engine.published).toEqual([])
  await nextTick()
  expect(engine.published).toEqual([
    'ng.default.p.there.YQ 1 60000 null\n2 60000 null\n',
    'ng.default.p.there.Yg 3 60000 null\n',
  ])
  answer('3 200 "c"\n1 200 "a"\n2 200 "b"\n')
  expect(await Promise.all(sent)).toEqual(['a', 'b', 'c'].map((value) => ({ ok: true, value })))
})

test('calls that fill no message together with others leave in several, each of which a server takes', async () => {
  const sent = Array.from({ length: 8 }, () => catchError(send(undefined, { body: JSON.stringify('ä'.repeat(500)) })))
  await nextTick()
  const messages = engine.published.map((text) => text.slice(text.indexOf(' ') + 1))
  expect(messages.join('').trimEnd().split('\n')).toHaveLength(8)
  expect(messages.length).toBeLessThan(8)
  expect(Math.max(...messages.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(engine.maxBytes)
  calls.close()
  await Promise.all(sent)
})

test('what a call says besides stands before its input', async () => {
  const call = catchError(send(undefined, { callId: 'c-1', metadata: { note: 'a\tb' } }))
  await nextTick()
  expect(engine.published).toEqual([
    'ng.default.p.there.YQ 1 60000+{"callId":"c-1","metadata":{"note":"a\\tb"}}\tnull\n',
  ])
  calls.close()
  await call
})

test('a message that nobody hears fails the calls in it, which have not run, and no other', async () => {
  const unheard = [catchError(send()), catchError(send())]
  await nextTick()
  const { reply } = engine
  const heard = send()
  await nextTick()
  engine.arriveUnheard(reply)
  for (const call of unheard) expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: false })
  answer('3 200 5')
  expect(await heard).toEqual({ ok: true, value: 5 })
  expect(lost).toEqual(['there'])
})

test('an answer that comes twice, or to nobody, is counted and does nothing', async () => {
  const call = send()
  await nextTick()
  answer('1 200 5\n1 200 6\n2 200 7\nnothing\n')
  answer('1 200 8', 'ng.default.i.here.another.')
  expect(await call).toEqual({ ok: true, value: 5 })
  expect(calls.lateAnswers).toBe(4)
})

test('a peer answers what it was asked, and not what another one was', async () => {
  const call = send()
  await nextTick()
  const inbox = findInbox()
  const other = catchError(send(undefined, {}, { ...CALLEE, id: 'other' }))
  await nextTick()
  answer('1 200 6')
  answer('1 200 5', inbox)
  expect(await call).toEqual({ ok: true, value: 5 })
  expect(calls.lateAnswers).toBe(1)
  calls.close()
  await other
})

test.each([
  ['1 200 {', 'it is not JSON: '],
  ['1 500 "x"', 'it has status 500 and no error that netgen reads'],
  ['1 200 "\xff"', 'it is not valid UTF-8'],
])('an answer that is none, %j, fails its call and no other', async (line, problem) => {
  const [call, other] = [catchError(send()), send()]
  await nextTick()
  engine.arrive(Buffer.from(`${line}\n2 200 5\n`, 'latin1'), undefined, `${findInbox()}a`)
  expect(await call).toMatchObject({ code: 'internal', maybeExecuted: true })
  expect((await call).message).toContain(`the answer of there:1 to a is refused: ${problem}`)
  expect(await other).toEqual({ ok: true, value: 5 })
})

test.each(['', '\n'])('an answer is read where it has the most bytes that one may, with %j behind it', async (end) => {
  const call = send()
  await nextTick()
  const value = 'x'.repeat(MAX_ANSWER_BYTES - 2)
  answer(`1 200 "${value}"${end}`)
  expect(await call).toEqual({ ok: true, value })
})

test.each([
  ['a text', `1 200 "${'x'.repeat(MAX_ANSWER_BYTES - 1)}"\n`],
  ['no JSON', `1 200 ${'['.repeat(MAX_ANSWER_BYTES + 1)}`],
  ['a status without an end', `1 ${'2'.repeat(MAX_ANSWER_BYTES)} 5\n`],
])('an answer that is a byte longer, %s, fails its call, and is not read', async (_, line) => {
  const call = catchError(send())
  await nextTick()
  answer(line)
  expect(await call).toMatchObject({
    code: 'resource_exhausted',
    maybeExecuted: true,
    message: 'the answer of there:1 is refused: it is longer than 4194304 bytes',
  })
})

test('a peer that ends says so of each call that it will not answer', async () => {
  const call = catchError(send())
  await nextTick()
  answer('1\n')
  expect(await call).toMatchObject({
    code: 'unavailable',
    maybeExecuted: true,
    message: 'the connection to there:1 was lost: the handler may have run',
  })
})

const HELD = 'ng.default.p.there.$held'

test('a peer that is waited for and says nothing is asked, and lost after 2.8 s', async () => {
  const call = catchError(send())
  await nextTick()
  const inbox = findInbox()
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

test('a peer has longer to answer where its question leaves behind much else', async () => {
  const call = catchError(send())
  engine.bufferedBytes = 1024 * 1024
  vi.advanceTimersByTime(4_899)
  expect(lost).toEqual([])
  vi.advanceTimersByTime(1)
  expect(lost).toEqual(['there'])
  await call
})

test('a call is lost by its own silence, and not by that of one before', async () => {
  const first = catchError(send(2_300))
  vi.advanceTimersByTime(2_300)
  expect(await first).toMatchObject({ code: 'deadline_exceeded' })
  const second = send()
  vi.advanceTimersByTime(2_000)
  expect(lost).toEqual([])
  expect(engine.published.at(-1)).toMatch(HELD)
  answer('2 200 5')
  expect(await second).toEqual({ ok: true, value: 5 })
})

test('a peer that has the call is waited for', async () => {
  const call = send()
  await nextTick()
  for (let beat = 0; beat < 20; beat++) {
    vi.advanceTimersByTime(700)
    engine.arrive('[]', undefined, `${findInbox()}$`)
  }
  answer('1 200 5')
  expect(await call).toEqual({ ok: true, value: 5 })
})

test('a call that its callee does not have was lost; those that it has go on', async () => {
  const [first, second] = [catchError(send()), send()]
  vi.advanceTimersByTime(1_400)
  engine.arrive('["1","3"]', undefined, engine.reply)
  expect(await first).toMatchObject({
    code: 'unavailable',
    maybeExecuted: true,
    message: 'a message between this peer and there:1 was lost: the handler may have run',
  })
  answer('2 200 5')
  expect(await second).toEqual({ ok: true, value: 5 })
})

test.each(['', 'x', '{}', '[1]', '{"inbox":1}'])('an answer that is none, %j, ends no call', async (text) => {
  const call = send()
  vi.advanceTimersByTime(1_400)
  engine.arrive(text, undefined, engine.reply)
  answer('1 200 5')
  expect(await call).toEqual({ ok: true, value: 5 })
})

test('the call of a peer that is gone ends', async () => {
  const call = catchError(send())
  calls.abandon(CALLEE)
  expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: true })
})

test('a call whose time is over tells its callee so', async () => {
  const call = catchError(send(1_000))
  await nextTick()
  const inbox = findInbox()
  vi.advanceTimersByTime(1_100)
  expect(await call).toMatchObject({ code: 'deadline_exceeded' })
  await nextTick()
  expect([engine.published.at(-1), findInbox()]).toEqual(['ng.default.p.there.YQ 1\n', inbox])
})

test('more calls than a peer takes are refused', async () => {
  const sent = Array.from({ length: 1_024 }, () => catchError(send()))
  expect(() => send()).toThrow(
    'a was not sent to there:1: 1024 calls to it are without an answer, which is its limit: wait for some of them',
  )
  calls.close()
  await Promise.all(sent)
})

test('what the engine never permitted has not run, and what it does not permit any more may have', async () => {
  const subject = 'ng.default.p.there.YQ'
  const problem = `the engine does not permit this peer to ask there:1: permit ${subject} to its user`
  const first = catchError(send())
  await nextTick()
  engine.forbid(subject)
  expect(await first).toMatchObject({ code: 'permission_denied', message: problem, maybeExecuted: false })
  const answered = send()
  await nextTick()
  const open = catchError(send())
  await nextTick()
  answer('2 200 5')
  await answered
  engine.forbid(subject)
  expect(await open).toMatchObject({
    code: 'permission_denied',
    message: `${problem}. The handler may have run`,
    maybeExecuted: true,
  })
})

test('of calls in several messages, any may have run where the engine does not permit one of them', async () => {
  const subject = 'ng.default.p.there.YQ'
  const running = catchError(send())
  await nextTick()
  const [second, third] = [catchError(send()), catchError(send())]
  await nextTick()
  engine.forbid(subject)
  for (const call of [running, second, third])
    expect(await call).toMatchObject({ code: 'permission_denied', maybeExecuted: true })
})

test('what the engine has refused so far says of the next call that it has not run', async () => {
  const subject = 'ng.default.p.there.YQ'
  const sent = [catchError(send())]
  await nextTick()
  sent.push(catchError(send()))
  await nextTick()
  engine.forbid(subject)
  engine.forbid(subject)
  await Promise.all(sent)
  const next = catchError(send())
  await nextTick()
  engine.forbid(subject)
  expect(await next).toMatchObject({ code: 'permission_denied', maybeExecuted: false })
})

test('peers of two groups that say the same id are two, and each is answered', async () => {
  const call = send()
  await nextTick()
  const inbox = findInbox()
  const moved = send(undefined, {}, { ...CALLEE, group: 'other' })
  await nextTick()
  expect(engine.published.at(-1)).toBe('ng.other.p.there.YQ 2 60000 null\n')
  const movedInbox = findInbox()
  const again = send()
  await nextTick()
  expect([findInbox(), movedInbox === inbox]).toEqual([inbox, false])
  answer('1 200 5\n3 200 6\n', inbox)
  answer('2 200 7\n', movedInbox)
  expect(await Promise.all([call, moved, again])).toEqual([5, 7, 6].map((value) => ({ ok: true, value })))
})
