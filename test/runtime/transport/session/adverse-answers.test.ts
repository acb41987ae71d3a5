import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import fixture from '../../../../fixtures/wire/session.json' with { type: 'json' }
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import { NetgenError } from '../../../../runtime/errors/netgen-error.js'
import { createHello } from '../../../../runtime/transport/session/hello.js'
import { Session } from '../../../../runtime/transport/session/session.js'
import { Turns } from '../../../../runtime/transport/session/turns.js'
import { AdverseLink, type Token } from './adverse-link.js'
import { noEvents } from './no-events.js'
import { noStreams } from './no-streams.js'

const SESSIONS = 64
const IN_FLIGHT = 8

/** `npm run soak` makes a million. */
const CALLS = readCalls(process.env['NETGEN_SOAK_CALLS'] ?? '20480')

const hello = createHello({ id: 'self', group: 'notes', hub: false, host: '127.0.0.1', port: 3011 }, [])
const TIMEOUT_MS = 600_000

test(`settles each of ${CALLS} calls with its own answer, whatever else comes`, { timeout: TIMEOUT_MS }, async () => {
  const deadlines = new Deadlines()
  const shared = new AbortController().signal
  const random = createRandom(1)
  const count = { own: 0, canceled: 0, wrong: 0 }
  const links = Array.from({ length: SESSIONS }, () => new AdverseLink(random))
  const sessions = links.map((link) => openSession(link))

  const run = async (session: number, turn: number): Promise<void> => {
    const token: Token = { session, turn, isLate: turn % 16 === 0 }
    const given = new AbortController()
    const scope = new CallScope(deadlines, 'schema.echo', TIMEOUT_MS, token.isLate ? given.signal : shared)
    if (token.isLate) setImmediate(() => given.abort())
    const call = {
      tag: 'schema.echo',
      body: JSON.stringify(token),
      timeLeftMs: 1_000,
      caller: { id: 'self', group: 'notes' },
    }
    try {
      const answer = await sessions[session]?.call(call, scope)
      const got = answer?.ok === true ? (answer.value as Token) : undefined
      if (got?.session === session && got.turn === turn && !token.isLate) count.own++
      else count.wrong++
    } catch (error) {
      if (token.isLate && error instanceof NetgenError && error.code === 'canceled') count.canceled++
      else count.wrong++
    } finally {
      scope.finish()
    }
  }
  const turns = CALLS / SESSIONS / IN_FLIGHT
  const work = sessions.flatMap((_, session) =>
    Array.from({ length: IN_FLIGHT }, async (_unused, worker) => {
      for (let at = 0; at < turns; at++) await run(session, worker * turns + at)
    }),
  )
  await Promise.all(work)

  const canceled = SESSIONS * Math.ceil((turns * IN_FLIGHT) / 16)
  expect(count).toEqual({ own: CALLS - canceled, canceled, wrong: 0 })
  expect(links.map(({ closed }) => closed).filter(Boolean)).toEqual([])
  expect(getEventListeners(shared, 'abort')).toEqual([])
  deadlines.close()
})

/** Each call in flight of each session is made as often as every other one: another number of calls would look like lost ones. */
function readCalls(text: string): number {
  const calls = Number(text)
  const each = SESSIONS * IN_FLIGHT
  if (Number.isSafeInteger(calls) && calls > 0 && calls % each === 0) return calls
  throw new RangeError(`NETGEN_SOAK_CALLS is ${JSON.stringify(text)}, expected a multiple of ${each}`)
}

function openSession(link: AdverseLink): Session {
  const answerer = {
    tags: [],
    schemas: [],
    isFull: false,
    serves: () => false,
    ...noStreams,
    serve: () => {
      throw new Error('nothing is called here')
    },
  }
  const session = new Session({
    link,
    role: 'dialer',
    hello,
    onOpen: () => {},
    onEnd: () => {},
    answerer,
    events: noEvents,
    turns: new Turns(),
  })
  link.receive(fixture.hello)
  return session
}

/** The same numbers for the same seed, from 0 up to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
