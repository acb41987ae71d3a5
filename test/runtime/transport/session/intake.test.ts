import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import fixture from '../../../../fixtures/wire/session.json' with { type: 'json' }
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import { createHello } from '../../../../runtime/transport/session/hello.js'
import { Session } from '../../../../runtime/transport/session/session.js'
import { Turns } from '../../../../runtime/transport/session/turns.js'
import { FakeLink } from './fake-link.js'
import { noEvents } from './no-events.js'
import { noStreams } from './no-streams.js'

const self = { id: 'self', group: 'notes', hub: false, host: '127.0.0.1', port: 3011 }

let turns: Turns
let link: FakeLink
let session: Session
/** Inputs of the calls that were run, in their order, with the time that each had left. */
let ran: [input: unknown, timeLeftMs: number | undefined][]
let isFull: boolean
let nowMs: number
/** What the next call takes besides. */
let pauseMs: number

/** Every call takes 1 ms of the process's time. */
function openSession(over: FakeLink): Session {
  const opened = new Session({
    link: over,
    role: 'dialer',
    hello: createHello(self, []),
    events: noEvents,
    turns,
    onOpen: () => {},
    onEnd: () => {},
    answerer: {
      tags: [],
      schemas: [],
      get isFull() {
        return isFull
      },
      serves: () => true,
      ...noStreams,
      serve: ({ input, timeLeftMs }) => {
        nowMs += 1 + pauseMs
        pauseMs = 0
        ran.push(['value' in input ? input.value : input, timeLeftMs])
        return { answer: { ok: true, body: '1' }, cancel: () => {} }
      },
    },
  })
  over.receive(fixture.hello)
  return opened
}

beforeEach(() => {
  nowMs = 1_000
  pauseMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  turns = new Turns()
  ran = []
  isFull = false
  link = new FakeLink()
  session = openSession(link)
})
afterEach(() => {
  link.lose()
  vi.restoreAllMocks()
})

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const inputs = (): unknown[] => ran.map(([input]) => input)
/** Calls with ids and inputs from 1 on, as the other side numbers them. */
const calls = (count: number, timeLeftMs = 1_000, from = 1): unknown[] =>
  Array.from({ length: count }, (_, index) => [1, 2 * (from + index), 'schema.work', timeLeftMs, from + index])
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('a frame of more lines than can be read at once', () => {
  const count = 5_000
  /** Each takes a tenth of a millisecond to read. */
  const slowly = (): void => {
    vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 5))
  }
  const cancels = Array.from({ length: count }, () => [4, 2])

  test('lets everything else have its turn, and nothing more arrive, before the rest is read', async () => {
    slowly()
    link.receive(...cancels, [1, 2, 'schema.work', 1_000_000, 'behind'])
    link.receive([1, 4, 'schema.work', 1_000_000, 'in the next frame'])
    expect(ran).toEqual([])
    expect(link.isPaused).toBe(true)
    await expect.poll(inputs).toEqual(['behind', 'in the next frame'])
    expect(link.isPaused).toBe(false)
  })

  test('is read before the end that came behind it', async () => {
    slowly()
    link.receive(...cancels, [1, 2, 'schema.work', 1_000_000, 'behind'])
    link.lose()
    expect(session.isClosed).toBe(false)
    await expect.poll(() => session.isClosed).toBe(true)
    expect(inputs()).toEqual(['behind'])
  })

  test('is left where the session has ended meanwhile', async () => {
    slowly()
    link.receive(...cancels, [1, 2, 'schema.work', 1_000_000, 'behind'])
    session.close()
    for (let turn = 0; turn < 10; turn++) await nextTurn()
    expect(ran).toEqual([])
  })
})

describe('calls whose input is over 1 MiB', () => {
  const tooLong = (bytes: number): unknown =>
    expect.objectContaining({
      code: 'resource_exhausted',
      maybeExecuted: false,
      message: `input of schema.work is refused: its message has ${bytes} bytes, and an input at most 1048576: send it in parts`,
    })

  test.each([
    ['by a byte', 'x'.repeat(1_048_574), 'x'.repeat(1_048_575), 1_048_602],
    ['certainly', 'x'.repeat(1_048_574), 'x'.repeat(4_000_000), 4_000_027],
    ['in bytes, and not in units', 'é'.repeat(524_287), 'é'.repeat(524_288), 1_048_603],
    ['certainly, in bytes', 'é'.repeat(524_287), 'é'.repeat(550_000), 1_100_027],
  ])('are answered, and not run: %s', async (_, longest, longer, bytes) => {
    link.receive([1, 2, 'schema.work', 1_000, longest])
    link.receive([1, 4, 'schema.work', 1_000, longer])
    await nextTurn()
    expect(inputs()).toEqual([longest])
    expect(link.lines.slice(1)).toEqual([
      [2, 2, 1],
      [3, 4, tooLong(bytes)],
    ])
    expect(link.closed).toBeUndefined()
  })

  test('are answered as well where they are written in another way', async () => {
    link.receiveText(`[ 1, 2, "schema.work", 1000, "${'x'.repeat(1_100_000)}" ]\n`)
    await nextTurn()
    expect(inputs()).toEqual([])
    expect(link.lines.at(-1)).toEqual([3, 2, tooLong(1_100_033)])
  })

  test('run where only what is around it is longer', async () => {
    const input = 'x'.repeat(1_048_574)
    link.receive([1, 2, 'schema.work', 1_000, input, { metadata: { note: 'x'.repeat(8_000) } }])
    expect(inputs()).toEqual([input])
  })

  test('are refused while others wait for their turn, with a tag of any length', async () => {
    link.receive(...calls(18))
    link.receive([1, 38, 't'.repeat(1_500_000), 1_000, null])
    await nextTurn()
    const refusal = link.lines.find((line) => (line as unknown[])[1] === 38) as [number, number, { message: string }]
    expect(refusal[2]).toMatchObject({ code: 'resource_exhausted', maybeExecuted: false })
    expect(refusal[2].message).toHaveLength(2_000)
  })
})

describe('calls that take the time of the process', () => {
  test('are run as they are read for 5 ms, and by turns of 5 ms from then on, in their order', async () => {
    link.receive(...calls(18))
    expect(inputs()).toEqual(numbers(5))
    await nextTurn()
    expect(inputs()).toEqual(numbers(10))
    link.receive(...calls(1, 1_000, 19))
    expect(inputs()).toEqual(numbers(10))
    await nextTurn()
    await nextTurn()
    expect(inputs()).toEqual(numbers(19))
    link.receive(...calls(2, 1_000, 20))
    expect(inputs()).toEqual(numbers(21))
  })

  test('of several sessions take turns one by one', async () => {
    const other = new FakeLink()
    openSession(other)
    link.receive(...calls(9))
    other.receive(...calls(3, 1_000, 101))
    expect(inputs()).toEqual(numbers(5))
    await nextTurn()
    await nextTurn()
    expect(inputs().slice(5)).toEqual([6, 101, 7, 102, 8, 103, 9])
  })

  test('have the less time the longer they waited', async () => {
    link.receive(...calls(7))
    await nextTurn()
    expect(ran.map(([, timeLeftMs]) => timeLeftMs)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 999])
  })

  test('are refused at once where those before them take over half of their time', async () => {
    link.receive(...calls(25))
    for (let turn = 0; turn < 3; turn++) await nextTurn()
    link.receive([1, 52, 'schema.quick', 8, 'x'], [1, 54, 'schema.slow', 10, 'y'])
    for (let turn = 0; turn < 2; turn++) await nextTurn()
    expect(inputs()).toEqual([...numbers(25), 'y'])
    expect(link.lines).toContainEqual([
      3,
      52,
      expect.objectContaining({
        code: 'resource_exhausted',
        maybeExecuted: false,
        message: 'schema.quick is refused: the calls before it will take 5 ms, over half of its 8 ms',
      }),
    ])
    expect(link.lines.filter((line) => (line as unknown[])[0] === 2)).toHaveLength(26)
  })

  test('are not refused for what held up the first of them', async () => {
    link.receive([1, 2, 'schema.work', 1_000, 1])
    // As if another process had the processor meanwhile.
    vi.mocked(performance.now)
      .mockImplementationOnce(() => nowMs)
      .mockImplementationOnce(() => (nowMs += 100))
    link.receive(...calls(30, 1_000, 2))
    for (let turn = 0; turn < 10; turn++) await nextTurn()
    expect(inputs()).toEqual(numbers(31))
  })

  test('are not refused for one pause of the process, however many wait behind it', async () => {
    pauseMs = 400
    link.receive(...calls(100, 5_000))
    await expect.poll(inputs).toEqual(numbers(100))
    expect(link.lines.filter((line) => (line as unknown[])[0] === 3)).toEqual([])
  })

  test('are never run where their time passes while they wait', async () => {
    link.receive(...calls(5), [1, 12, 'schema.work', 3, 'late'], [1, 14, 'schema.work', 1_000, 'in time'])
    nowMs += 3
    await nextTurn()
    expect(inputs()).toEqual([...numbers(5), 'in time'])
    expect(link.lines).toContainEqual([
      3,
      12,
      expect.objectContaining({
        code: 'deadline_exceeded',
        maybeExecuted: false,
        message: 'schema.work was not run: it waited for longer than its 3 ms',
      }),
    ])
  })

  test('are never run, nor answered, where they are cancelled while they wait', async () => {
    link.receive(...calls(7), [4, 12])
    await nextTurn()
    expect(inputs()).toEqual([...numbers(5), 7])
    expect(link.lines.map((line) => (line as unknown[])[1])).not.toContain(12)
  })

  test('keep no answer waiting', async () => {
    const deadlines = new Deadlines()
    const call = { tag: 'schema.add', body: '1', timeLeftMs: 1_000, caller: { id: 'self', group: 'notes' } }
    const answer = session.call(call, new CallScope(deadlines, 'schema.add', 1_000))
    link.receive(...calls(9), [2, 1, 'mine'])
    expect(await answer).toEqual({ ok: true, value: 'mine' })
    expect(inputs()).toEqual(numbers(5))
    deadlines.close()
  })

  test('keep no event waiting, nor let what follows it pass', () => {
    const heard: unknown[] = []
    const feed = session.subscribe('schema.happened', {
      onKept: ({ sequence }) => heard.push(['kept', sequence]),
      onEvent: ({ sequence }) => heard.push(['event', sequence]),
      onLeaving: () => {},
      onEnd: () => {},
    })
    link.receive([2, 1, { event: 5, sequence: 0, leaseMs: 30_000 }])
    feed.renew()
    link.receive(
      ...calls(9),
      [10, 5, 1, 0, 'a'],
      [10, 5, 2, 0, 'b'],
      [2, 3, { event: 5, sequence: 2, leaseMs: 30_000 }],
    )
    expect(heard).toEqual([
      ['kept', 0],
      ['event', 1],
      ['event', 2],
      ['kept', 2],
    ])
    expect(inputs()).toEqual(numbers(5))
  })

  test('are run before the other side is let go', async () => {
    link.receive(...calls(7), [8, 'the peer is closing'])
    expect(link.closed).toBeUndefined()
    await nextTurn()
    expect(inputs()).toEqual(numbers(7))
    expect(link.closed).toEqual([1000, ''])
  })

  test('are forgotten where the link is lost, and keep nobody else waiting', async () => {
    link.receive(...calls(9))
    link.lose()
    await nextTurn()
    expect(inputs()).toEqual(numbers(5))
    expect([turns.isOver, turns.waitMs]).toEqual([false, 0])
  })

  test('have to bear new ids while they wait, too', async () => {
    link.receive(...calls(7), [1, 14, 'schema.work', 1_000, 'again'])
    expect(link.closed).toEqual([4400, '14 is no new id of a call'])
  })

  test('let nothing more arrive while 1 MiB of them waits', async () => {
    const large = 'x'.repeat(300_000)
    link.receive(...calls(5))
    for (let index = 0; index < 4; index++) link.receive([1, 12 + 2 * index, 'schema.work', 60_000, large])
    expect(link.isPaused).toBe(true)
    await nextTurn()
    expect(ran).toHaveLength(9)
    expect(link.isPaused).toBe(false)
  })
})

test('a peer that is full has calls refused before their input is read', () => {
  isFull = true
  link.receiveText('[1,2,"schema.\\"work\\"",1000,{"__proto__":[[[\n')
  expect(link.closed).toBeUndefined()
  expect(ran).toEqual([[undefined, 1_000]])
  link.receiveText('[1,"2"]\n')
  expect(link.closed).toEqual([4400, 'a line is no message'])
})

describe('calls of who reads too slowly, while over 8 MiB wait to leave', () => {
  const long = 'x'.repeat(1_000_000)
  const messageOf = (problem: string): unknown => expect.objectContaining({ maybeExecuted: false, message: problem })

  beforeEach(async () => {
    link.bufferedBytes = 9 * 1024 * 1024
    link.receive(...calls(1))
    await nextTurn()
  })

  test('are read, and run when it has left: but not those that were cancelled, or have no time left', async () => {
    link.receive(...calls(3, 1_000, 2), [1, 10, 'schema.work', 20, 5], [4, 6])
    await nextTurn()
    expect(link.isPaused).toBe(false)
    expect(inputs()).toEqual([1])
    nowMs += 50
    link.drain()
    await nextTurn()
    expect(ran.slice(1)).toEqual([
      [2, 950],
      [4, 949],
    ])
    expect(link.lines.at(-1)).toEqual([
      3,
      10,
      messageOf('schema.work was not run: it waited for longer than its 20 ms'),
    ])
  })

  test('are refused where 8 MiB of them wait already', async () => {
    for (let number = 2; number < 11; number++) link.receive([1, 2 * number, 'schema.work', 1_000, long])
    await nextTurn()
    const problem =
      'over 8388608 bytes wait to leave for its caller, who reads too slowly, and too many calls wait for that'
    expect(link.lines.slice(2)).toEqual([[3, 20, messageOf(`schema.work is refused: ${problem}`)]])
    expect([link.isPaused, ran.length]).toEqual([false, 1])
  })

  test('are refused where 1,024 of them wait already', async () => {
    link.receive(...calls(1_025, 1_000, 2))
    await nextTurn()
    expect(link.lines.slice(2)).toEqual([[3, 2 * 1_026, expect.objectContaining({ code: 'resource_exhausted' })]])
  })

  test('keep no cancellation waiting, and nothing more arrives behind too many other lines', async () => {
    link.receive(...calls(1, 1_000, 2))
    link.receiveText('[4,2]\n'.repeat(200_000))
    await expect.poll(() => link.isPaused).toBe(false)
    link.receiveText('[7,2]\n'.repeat(100_000))
    await expect.poll(() => link.isPaused).toBe(true)
    link.drain()
    await expect.poll(() => link.isPaused).toBe(false)
    expect([inputs(), link.closed]).toEqual([[1, 2], undefined])
  })

  test('wait again where what was answered meanwhile waits to leave', async () => {
    link.receive(...calls(3, 1_000, 2))
    link.drain()
    link.bufferedBytes = 9 * 1024 * 1024
    pauseMs = 10
    await nextTurn()
    expect(inputs()).toEqual([1, 2])
    await nextTurn()
    await nextTurn()
    expect(inputs()).toEqual([1, 2])
    link.drain()
    await nextTurn()
    expect(inputs()).toEqual([1, 2, 3, 4])
  })

  test('are forgotten where the link ends', async () => {
    link.receive(...calls(3, 1_000, 2))
    link.lose()
    link.drain()
    await nextTurn()
    expect(inputs()).toEqual([1])
  })
})

describe('a subscription', () => {
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await nextTurn()
  }

  test('between calls that wait keeps its place', async () => {
    link.receive(...calls(7), [9, 16, 'schema.happened'], [1, 18, 'schema.work', 1_000, 8])
    await turns()
    expect(link.closed).toBeUndefined()
    expect(inputs()).toEqual(numbers(8))
    expect(link.lines).toContainEqual([2, 16, { event: 1, sequence: 0, leaseMs: 30_000 }])
  })

  test('between calls that are held keeps its place', async () => {
    link.bufferedBytes = 9 * 1024 * 1024
    link.receive(...calls(1))
    await nextTurn()
    link.receive(...calls(1, 1_000, 2), [9, 6, 'schema.happened'], [1, 8, 'schema.work', 1_000, 4])
    link.drain()
    await turns()
    expect(link.closed).toBeUndefined()
  })

  test('is not outlived by its end, which came behind it', async () => {
    link.receive(...calls(7), [9, 16, 'schema.happened'], [4, 16])
    await turns()
    link.receive([8, 'the peer is closing'])
    await nextTurn()
    expect(link.closed).toEqual([1000, ''])
  })
})
