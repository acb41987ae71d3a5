import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import fixture from '../../../../fixtures/wire/session.json' with { type: 'json' }
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import { createHello } from '../../../../runtime/transport/session/hello.js'
import { Session } from '../../../../runtime/transport/session/session.js'
import { Turns } from '../../../../runtime/transport/session/turns.js'
import type { Answerer } from '../../../../runtime/transport/transport.js'
import { FakeLink } from './fake-link.js'
import { noEvents } from './no-events.js'
import { noStreams } from './no-streams.js'

const self = { id: 'self', group: 'notes', hub: false, host: '127.0.0.1', port: 3011 }
const [, theirHello] = fixture.hello as [number, object]

let link: FakeLink

function open(role: 'dialer' | 'acceptor', served: Partial<Answerer> = {}): Session {
  return new Session({
    link,
    role,
    hello: createHello(self, []),
    events: noEvents,
    turns: new Turns(),
    onOpen: () => {},
    onEnd: () => {},
    answerer: {
      tags: [],
      schemas: [],
      isFull: false,
      serves: () => true,
      ...noStreams,
      serve: () => ({ answer: { ok: true, body: '1' }, cancel: () => {} }),
      ...served,
    },
  })
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

beforeEach(() => {
  link = new FakeLink()
})
afterEach(() => link.lose())

test('credit of a call past its bounds is a mistake that ends the session', async () => {
  const pull = vi.fn(() => new Promise<never>(() => {}))
  open('dialer', { serveStream: () => ({ pull, cancel: () => {} }) })
  link.receive(fixture.hello)
  link.receive([1, 2, 'schema.list', 1_000, null, { credit: [2 ** 20 + 1, 1] }])
  await nextTurn()
  expect(link.closed).toEqual([4400, 'more credit than there can be: 2'])
  expect(pull).not.toHaveBeenCalled()
})

test('streams take no place among the calls in flight', () => {
  const session = open('dialer')
  link.receive([0, { ...theirHello, limits: { inFlight: 1, messageBytes: 100 } }])
  const deadlines = new Deadlines()
  const scope = (): CallScope => new CallScope(deadlines, 'schema.add', 1_000)
  const call = { tag: 'schema.add', body: '1', timeLeftMs: 1_000, caller: { id: 'self', group: 'notes' } }
  session.call(call, scope()).catch(() => {})
  expect(() => session.stream({ ...call, sides: 'output' }, scope())).not.toThrow()
  deadlines.close()
})

test('whoever closes while too much waits to leave reads on, so that the other side can close too', async () => {
  const session = open('acceptor')
  link.receive(fixture.hello)
  link.bufferedBytes = 9 * 1024 * 1024
  link.receive([1, 1, 'schema.work', 1_000, 1])
  await nextTurn()
  expect(link.isPaused).toBe(true)
  session.close()
  expect(link.isPaused).toBe(false)
})
