import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { ServedRequests } from '../../runtime/transport/nats/calls/served-requests.js'
import { PeerBook } from '../../runtime/transport/nats/peer-book.js'
import { Turns } from '../../runtime/transport/session/turns.js'
import type { Answerer } from '../../runtime/transport/transport.js'
import type { ArrivedCall, ServedCall, WireAnswer } from '../../runtime/wire/exchange.js'
import { MAX_BUFFERED_BYTES, MAX_REQUEST_BYTES, MAX_SESSION_CALLS } from '../../runtime/wire/limits.js'
import { FakeEngine } from './fake-engine.js'

let engine: FakeEngine
let turns: Turns
let served: ServedRequests
let book: PeerBook
/** The time that each call was told to have, in milliseconds, in the order in which they ran. */
let ran: (number | undefined)[]
let finish: ((answer: WireAnswer) => void)[]
let serve: (call: ArrivedCall) => ServedCall['answer']
/** The numbers of those that were canceled, in the order in which they ran, from 1 on. */
let canceled: number[]

beforeEach(() => {
  engine = new FakeEngine()
  turns = new Turns()
  ran = []
  finish = []
  canceled = []
  serve = () => new Promise((resolve) => void finish.push(resolve))
  const answerer: Pick<Answerer, 'isFull' | 'serve' | 'sides'> = {
    isFull: false,
    sides: () => undefined,
    serve(call) {
      const number = ran.push(call.timeLeftMs)
      return { answer: serve(call), cancel: () => void canceled.push(number) }
    },
  }
  book = new PeerBook()
  served = new ServedRequests(engine, book, answerer as Answerer, turns)
  return () => served.close()
})

function receive(reply: string, caller = 'evil', bytes = 4): void {
  const headers = new Map([
    ['netgen-caller', caller],
    ['netgen-caller-group', 'notes'],
  ])
  served.receive('a', { subject: 'ng.notes.p.here.YQ', data: new Uint8Array(bytes), reply, headers, isUnheard: false })
}

/** What follows waits, as if calls had been run for too long already. */
function endTurn(): void {
  turns.check(Number.NEGATIVE_INFINITY)
}

test('a call that comes again while it is answered is left out, and takes no place for ever', async () => {
  for (let repetition = 0; repetition < MAX_SESSION_CALLS; repetition++) {
    receive('_INBOX.same')
    receive('_INBOX.same')
    for (const resolve of finish.splice(0)) resolve({ ok: true, body: 'null' })
    await nextTurn()
  }
  expect(ran).toHaveLength(MAX_SESSION_CALLS)
  engine.published.length = 0
  receive('_INBOX.another')
  expect(ran).toHaveLength(MAX_SESSION_CALLS + 1)
  expect(engine.published).toEqual([])
})

test('a call that comes again while it waits runs once, and keeps no bytes', async () => {
  const many = MAX_BUFFERED_BYTES / MAX_REQUEST_BYTES
  endTurn()
  for (let call = 0; call < many; call++) {
    receive(`_INBOX.${call}`, 'evil', MAX_REQUEST_BYTES)
    receive(`_INBOX.${call}`, 'evil', MAX_REQUEST_BYTES)
  }
  await expect.poll(() => turns.isOver).toBe(false)
  expect(ran).toHaveLength(many)
  expect(engine.published).toEqual([])
})

test('what waits is limited for all callers together, whoever they say they are', async () => {
  endTurn()
  for (let caller = 0; caller < 48; caller++) receive(`_INBOX.${caller}`, `caller-${caller}`, MAX_REQUEST_BYTES)
  const refused = engine.published.map((text) => text.slice(0, text.indexOf(' ')))
  expect(refused).toEqual(Array.from({ length: 17 }, (_, index) => `_INBOX.${index + 31}`))
  expect(engine.published[0]).toContain(
    'a is refused: it has 1048576 bytes, and those that wait for their turn may have 33554432 together',
  )
  await expect.poll(() => ran.length).toBe(31)
  endTurn()
  receive('_INBOX.later', 'caller-0', MAX_REQUEST_BYTES)
  await expect.poll(() => ran.length).toBe(32)
})

test('a call that says nothing of its time waits for 30 s at most, and has all of its time then', async () => {
  endTurn()
  receive('_INBOX.one')
  await expect.poll(() => ran).toEqual([undefined])
  endTurn()
  receive('_INBOX.late')
  const nowMs = performance.now()
  const clock = vi.spyOn(performance, 'now').mockReturnValue(nowMs + 30_000)
  onTestFinished(() => clock.mockRestore())
  await expect.poll(() => engine.published).toHaveLength(1)
  expect(engine.published[0]).toContain('a was not run: it waited for longer than its 30000 ms')
  expect(ran).toHaveLength(1)
})

const INBOX = 'ng.notes.i.there.secret.'

function receiveLines(text: string | Uint8Array, reply = `${INBOX}0-1`): void {
  const message = { subject: 'ng.notes.p.here.YQ', data: Buffer.from(text), headers: undefined, isUnheard: false }
  served.receive('a', { ...message, reply })
}

/** What stands before an answer, and it. */
function readAnswer(text: string): [head: string, answer: unknown] {
  const at = text.indexOf('{')
  return [text.slice(0, at), JSON.parse(text.slice(at))]
}

test('the calls of a message are run in their order, and answered in one', async () => {
  const calls: ArrivedCall[] = []
  serve = (call) => {
    calls.push(call)
    return { ok: true, body: `"${calls.length}"` }
  }
  receiveLines('1 30000 {"x":1}\n2 500+{"callId":"c-1","metadata":{"note":"a\\tb"}}\tnull\n')
  const caller = { id: 'there', group: 'notes' }
  expect(calls).toEqual([
    { tag: 'a', input: { text: '{"x":1}' }, timeLeftMs: 30_000, caller },
    { tag: 'a', input: { text: 'null' }, timeLeftMs: 500, caller, callId: 'c-1', metadata: { note: 'a\tb' } },
  ])
  await nextTurn()
  expect(engine.published).toEqual([`${INBOX}a 1 200 "1"\n2 200 "2"\n`])
})

test('a caller is whoever alone hears the answers: group and id may have any characters', () => {
  const callers: unknown[] = []
  serve = ({ caller }) => {
    callers.push(caller)
    return { ok: true, body: 'null' }
  }
  receiveLines('1 30000 null\n', 'ng.~YSBncm91cA.i.~w6Q.secret.0-1')
  expect(callers).toEqual([{ id: 'ä', group: 'a group' }])
})

test.each([
  '',
  'ng.notes.i.there',
  'ng.notes.i.there.secret',
  'ng.notes.p.here.$who',
  `${INBOX}x.y`,
  '_INBOX',
  'elsewhere.a.b',
])('a call that wants its answer at %j is left out', (reply) => {
  receiveLines('1 30000 null\n', reply)
  expect(ran).toEqual([])
})

test('what is no call in a message is left out, and what cannot be read is answered so', async () => {
  serve = ({ metadata, input }) => ({
    ok: true,
    body: JSON.stringify([metadata ?? null, 'text' in input && typeof input.text]),
  })
  receiveLines(Buffer.from('\nnothing\n0 1 null\n1.5 1 null\n5 100+{"callId"\t1\n6 100 "\xff"\n', 'latin1'))
  await nextTurn()
  expect(engine.published).toEqual([`${INBOX}a 5 200 ["{\\"callId\\"","object"]\n6 200 [null,"object"]\n`])
})

test('a name that is no text is refused, and the calls behind it are run', async () => {
  serve = () => ({ ok: true, body: '5' })
  receiveLines('1 100+{"callId":{"toString":1,"valueOf":1}}\tnull\n2 100 null\n')
  await nextTurn()
  const [refusal = '', ...rest] = engine.published.join('').split('\n')
  expect(JSON.parse(refusal.slice(`${INBOX}a 1 400 `.length))).toMatchObject({
    error: {
      code: 'invalid_argument',
      message: String.raw`netgen-call-id is "{\"toString\":1,\"valueOf\":1}", expected 1 to 64 of A-Za-z0-9_.-`,
    },
  })
  expect(rest).toEqual(['2 200 5', ''])
})

test('a call that is given up is canceled, also while it waits, by its own caller alone', async () => {
  receiveLines('1 30000 null\n2 30000 null\n')
  receiveLines('1\n', 'ng.notes.i.other.secret.0-1')
  receiveLines('2\n')
  expect(canceled).toEqual([2])
  endTurn()
  receiveLines('3 30000 null\n4 30000 null\n3\n')
  await expect.poll(() => ran.length).toBe(3)
})

test('who asks for its calls is told after the answers of those that are not here any more', async () => {
  serve = ({ input }) => ('text' in input && input.text === '1' ? { ok: true, body: '5' } : new Promise(() => {}))
  receiveLines('1 30000 1\n2 30000 2\n')
  const question = Buffer.from(JSON.stringify({ inbox: INBOX, calls: ['1', '2', '3'] }))
  const message = { subject: 'ng.notes.p.here.$held', data: question, headers: undefined, isUnheard: false }
  served.tellHeld({ ...message, reply: `${INBOX}$` })
  await nextTurn()
  expect(engine.published).toEqual([`${INBOX}a 1 200 5\n`, `${INBOX}$ ["1","3"]`])
})

test('an answer that is longer than a message may be is refused, with both sizes', async () => {
  serve = () => ({ ok: true, body: JSON.stringify('x'.repeat(engine.maxBytes)) })
  receiveLines('1 30000 null\n')
  await nextTurn()
  expect(engine.published).toHaveLength(1)
  expect(engine.published[0]).toContain('a 1 429 {"error":{')
  expect(engine.published[0]).toContain('answer to a is refused: it has 4098 bytes of JSON, and the engine takes 4096')
})

test('a peer that ends says at once of each call that it will not answer it', () => {
  receiveLines('1 30000 null\n2 30000 null\n')
  served.close()
  expect(engine.published).toEqual([`${INBOX}a 1\n2\n`])
})

test('a peer that ends refuses what still waits: it has not run, and may be asked of another', async () => {
  endTurn()
  receiveLines('1 30000 null\n2 30000 null\n3 30000 null\n2\n')
  receive('_INBOX.other')
  served.close()
  const message = 'a is refused: the peer is closing, call another one'
  const error = expect.objectContaining({ code: 'unavailable', message, maybeExecuted: false })
  expect(engine.published.flatMap((text) => text.trimEnd().split('\n').map(readAnswer))).toEqual([
    ['_INBOX.other ', { error }],
    [`${INBOX}a 1 503 `, { error }],
    ['3 503 ', { error }],
  ])
  await expect.poll(() => turns.isOver).toBe(false)
  expect([ran, engine.published.length]).toEqual([[], 2])
})

test('what clients of NATS wait for has its turn before a peer ends, though more comes with each', async () => {
  let isMore = true
  serve = () => {
    if (isMore) receive(`_INBOX.more-${ran.length}`)
    return { ok: true, body: '5' }
  }
  endTurn()
  receive('_INBOX.one')
  receive('_INBOX.two')
  await served.settleClients()
  isMore = false
  expect(engine.published.slice(0, 2)).toEqual(['_INBOX.one 5', '_INBOX.two 5'])
})

test('a peer that ends waits for no turn of the calls of peers, who ask another one', async () => {
  endTurn()
  receiveLines('1 30000 null\n')
  await served.settleClients()
  expect(ran).toEqual([])
})

test.each<[string, () => void]>([
  ['given up', () => served.cancel('_INBOX.one')],
  ['lost with the connection', () => served.lose()],
  ['refused by a peer that ends', () => served.close()],
])('a call that is %s while it waits is waited for no more', async (_, end) => {
  endTurn()
  receive('_INBOX.one')
  const settled = served.settleClients()
  end()
  await settled
  expect(ran).toEqual([])
})

test('a caller that fell silent is told that its calls are lost, and one whose beats could not be read is not', async () => {
  const caller = { id: 'there', group: 'notes', hub: false, host: 'host', port: 1 }
  const listener = createServer((socket) => void socket.on('data', () => book.hear(caller, 100))).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const line = connect((listener.address() as AddressInfo).port, '127.0.0.1')
  await once(line, 'connect')
  onTestFinished(() => {
    line.destroy()
    listener.close()
  })
  book.hear(caller, 100)
  receiveLines('1 30000 null\n')
  line.write('beat')
  // This process is held up for more than four beats, and for more than passes between two looks.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
  for (let turn = 0; turn < 10; turn++) await nextTurn()
  expect([canceled, engine.published]).toEqual([[], []])
  await expect.poll(() => canceled, { timeout: 5_000 }).toEqual([1])
  expect(engine.published).toEqual([`${INBOX}a 1\n`])
})

test('a long message is one line: no number of lines can hold up the process', () => {
  receiveLines(`${'1 1 null\n'.repeat(20_000)}`)
  expect(ran).toHaveLength(1)
})

test('of the lines of a message the first 2,048 are read', () => {
  const ids: unknown[] = []
  serve = ({ input }) => {
    ids.push('text' in input && input.text)
    return { ok: true, body: 'null' }
  }
  const lines = Array.from({ length: 6_000 }, (_, index) => `${index + 1} 30000 ${index + 1}\n`)
  const nowMs = performance.now()
  const clock = vi.spyOn(performance, 'now').mockReturnValue(nowMs)
  onTestFinished(() => clock.mockRestore())
  receiveLines(lines.join(''))
  expect([ids.length, ids.at(-1)]).toEqual([2_048, '2048'])
})

test('calls are refused while answers wait to leave, and no more where refusals do too', async () => {
  engine.bufferedBytes = MAX_BUFFERED_BYTES + 1
  receiveLines('1 30000 null\n')
  await nextTurn()
  expect(engine.published.splice(0).join('')).toContain('over 8388608 bytes of answers wait to leave already')
  engine.bufferedBytes = 2 * MAX_BUFFERED_BYTES
  receiveLines('2 30000 null\n')
  receiveLines('3 100+{"callId":"?"}\tnull\n')
  await nextTurn()
  expect([engine.published, ran]).toEqual([[], []])
})
