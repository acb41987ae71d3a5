import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { ServedRequests } from '../../runtime/transport/nats/calls/served-requests.js'
import { PeerBook } from '../../runtime/transport/nats/peer-book.js'
import { Turns } from '../../runtime/transport/session/turns.js'
import type { Answerer } from '../../runtime/transport/transport.js'
import type { ServedCall, WireAnswer } from '../../runtime/wire/exchange.js'
import { MAX_BUFFERED_BYTES, MAX_REQUEST_BYTES, MAX_SESSION_CALLS } from '../../runtime/wire/limits.js'
import { FakeEngine } from './fake-engine.js'

let engine: FakeEngine
let turns: Turns
let served: ServedRequests
/** The time that each call was told to have, in milliseconds, in the order in which they ran. */
let ran: (number | undefined)[]
let finish: ((answer: WireAnswer) => void)[]
let answer: () => ServedCall['answer']

beforeEach(() => {
  engine = new FakeEngine()
  turns = new Turns()
  ran = []
  finish = []
  answer = () => new Promise((resolve) => void finish.push(resolve))
  const answerer: Pick<Answerer, 'isFull' | 'serve' | 'sides'> = {
    isFull: false,
    sides: () => undefined,
    serve({ timeLeftMs }) {
      ran.push(timeLeftMs)
      return { answer: answer(), cancel() {} }
    },
  }
  served = new ServedRequests(engine, new PeerBook(), answerer as Answerer, turns)
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
