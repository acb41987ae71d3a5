import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import fixture from '../../../../fixtures/wire/session.json' with { type: 'json' }
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import { createHello } from '../../../../runtime/transport/session/hello.js'
import { Session } from '../../../../runtime/transport/session/session.js'
import { Turns } from '../../../../runtime/transport/session/turns.js'
import type { ReceivedAnswer, WireAnswer } from '../../../../runtime/wire/exchange.js'
import { MAX_REQUEST_BYTES, MAX_SESSION_STREAMS } from '../../../../runtime/wire/limits.js'
import type {
  ArrivedStreamCall,
  ItemReader,
  ItemSource,
  Pulled,
  ReceivedStream,
  StreamSides,
} from '../../../../runtime/wire/streams.js'
import { FakeLink } from './fake-link.js'
import { noEvents } from './no-events.js'

const self = { id: 'self', group: 'notes', hub: false, host: '127.0.0.1', port: 3011 }
const call = { tag: 'schema.count', body: 'null', timeLeftMs: 1_000, caller: { id: 'self', group: 'notes' } }
const WINDOW = { items: 32, bytes: 262_144 }

/** Items whose every pull a test answers, or that count on by themselves. */
class FakeSource<Ending> implements ItemSource<string, Ending> {
  pulls = 0
  isCanceled = false
  readonly #next: (pull: number) => Pulled<string, Ending> | Promise<Pulled<string, Ending>>

  constructor(next: (pull: number) => Pulled<string, Ending> | Promise<Pulled<string, Ending>>) {
    this.#next = next
  }

  pull(): Pulled<string, Ending> | Promise<Pulled<string, Ending>> {
    return this.#next(this.pulls++)
  }

  cancel(): void {
    this.isCanceled = true
  }
}

/** Counts without an end. */
const counting = <Ending>(pull: number): Pulled<string, Ending> => ({ done: false, value: String(pull) })
const stopped = { code: 'canceled', message: 'stopped' } as const

describe('streams of a session', () => {
  const deadlines = new Deadlines()
  let link: FakeLink
  let session: Session
  let arrived: ArrivedStreamCall[]
  let served: FakeSource<WireAnswer>
  let scopes: CallScope[]

  beforeEach(() => {
    link = new FakeLink()
    arrived = []
    scopes = []
    served = new FakeSource<WireAnswer>(counting)
    session = new Session({
      link,
      role: 'dialer',
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
        sides: () => undefined,
        serve: () => expect.fail('no call without a stream is expected'),
        serveStream: (streamCall) => {
          arrived.push(streamCall)
          return served
        },
      },
    })
    link.receive(fixture.hello)
  })
  afterEach(() => deadlines.close())

  const openScope = (): CallScope => {
    const scope = new CallScope(deadlines, call.tag, 60_000)
    scopes.push(scope)
    return scope
  }
  const open = (sides: StreamSides, items?: ItemSource<string, undefined>): ReceivedStream =>
    session.stream({ ...call, sides, ...(items && { items }) }, openScope())
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const takeLines = async (): Promise<unknown[]> => {
    await tick()
    const lines = link.lines
    link.sent.length = 0
    return lines
  }
  const pull = async <Item, Ending>(reader: ItemReader<Item, Ending>): Promise<Pulled<Item, Ending>> => reader.pull()
  const never = new FakeSource<undefined>(() => new Promise(() => {}))

  describe.each(fixture.streams.mistakes)('$says', ({ lines }) => {
    test('closes with 4400', () => {
      open('output')
      open('input', never)
      void session.call(call, openScope()).catch(() => {})
      link.receive(...lines)
      expect(link.closed?.[0]).toBe(4400)
      expect(served.isCanceled).toBe(arrived.length > 0)
    })
  })

  test.each(fixture.streams.dropped)('$says is dropped', async ({ lines }) => {
    open('output')
    open('input', never)
    void session.call(call, openScope()).catch(() => {})
    link.receive(...lines)
    await tick()
    expect(link.closed).toBeUndefined()
  })

  test('a call says what is a stream, and allows a window', async () => {
    await takeLines()
    open('output')
    open('input', never)
    open('both', never)
    expect(await takeLines()).toEqual([
      [1, 1, 'schema.count', 1000, null, { credit: [WINDOW.items, WINDOW.bytes] }],
      [1, 3, 'schema.count', 1000, null, { items: true }],
      [1, 5, 'schema.count', 1000, null, { items: true, credit: [WINDOW.items, WINDOW.bytes] }],
    ])
  })

  test('credit is given again when half of the items are read', async () => {
    const output = open('output')
    await takeLines()
    for (let item = 0; item < 32; item++) link.receive([5, 1, item])
    for (let item = 0; item < 15; item++) expect(output.pull()).toEqual({ done: false, value: item })
    expect(await takeLines()).toEqual([])
    expect(output.pull()).toEqual({ done: false, value: 15 })
    const bytes = 10 * '[5,1,0]'.length + 6 * '[5,1,10]'.length
    expect(await takeLines()).toEqual([[6, 1, 16, bytes]])
    for (let item = 16; item < 32; item++) output.pull()
    for (let item = 0; item < 16; item++) link.receive([5, 1, item])
    expect(link.closed).toBeUndefined()
  })

  test('an item more than was allowed closes with 4400', () => {
    open('output')
    for (let item = 0; item < 32; item++) link.receive([5, 1, item])
    expect(link.closed).toBeUndefined()
    link.receive([5, 1, 32])
    expect(link.closed).toEqual([4400, 'an item without credit: 1'])
  })

  test('large items use up the bytes, of which the last may have more than is left', async () => {
    const output = open('output')
    await takeLines()
    const large = 'x'.repeat(100_000)
    const bytes = JSON.stringify([5, 1, large]).length
    for (let item = 0; item < 3; item++) link.receive([5, 1, large])
    expect(link.closed).toBeUndefined()
    output.pull()
    expect(await takeLines()).toEqual([])
    output.pull()
    expect(await takeLines()).toEqual([[6, 1, 2, 2 * bytes]])
    link.receive([5, 1, large], [5, 1, large], [5, 1, 1])
    expect(link.closed).toEqual([4400, 'an item without credit: 1'])
  })

  test('an item over the limit of an input closes with 4400', () => {
    link.receive([1, 2, 'schema.sum', 1000, null, { items: true }])
    void arrived[0]?.items?.pull()
    link.receive([5, 2, 'x'.repeat(MAX_REQUEST_BYTES + 100)])
    expect(link.closed).toEqual([4400, `an item of ${MAX_REQUEST_BYTES + 108} bytes: 2`])
  })

  test('nothing of an input leaves, nor is asked for, before credit comes, and then no more than that', async () => {
    const items = new FakeSource<undefined>(counting)
    open('input', items)
    await takeLines()
    expect(items.pulls).toBe(0)
    link.receive([6, 1, 3, 1_000])
    expect(await takeLines()).toEqual([
      [5, 1, 0],
      [5, 1, 1],
      [5, 1, 2],
    ])
    expect(items.pulls).toBe(3)
  })

  test('an item leaves while there are bytes left, though it may be longer', async () => {
    const items = new FakeSource<undefined>(counting)
    open('input', items)
    await takeLines()
    link.receive([6, 1, 100, 2 * '[5,1,0]'.length + 1])
    expect(await takeLines()).toHaveLength(3)
    expect(items.pulls).toBe(3)
  })

  test('items of one tick leave in one frame', async () => {
    open('input', new FakeSource<undefined>((at) => (at < 5 ? counting(at) : { done: true, value: undefined })))
    await takeLines()
    link.receive([6, 1, 32, 1_000])
    await tick()
    expect(link.sent).toEqual(['[5,1,0]\n[5,1,1]\n[5,1,2]\n[5,1,3]\n[5,1,4]\n[7,1]\n'])
  })

  test('items wait while much waits to leave already', async () => {
    const items = new FakeSource<undefined>(counting)
    open('input', items)
    await takeLines()
    link.bufferedBytes = 2 * 1024 * 1024
    link.receive([6, 1, 2, 1_000])
    expect(await takeLines()).toEqual([])
    expect(items.pulls).toBe(0)
    link.drain()
    expect(await takeLines()).toHaveLength(2)
  })

  test('a handler that reads is sent items; credit leaves when it first asks', async () => {
    link.receive([1, 2, 'schema.sum', 1000, null, { items: true }])
    expect(arrived).toMatchObject([{ tag: 'schema.sum', sides: 'input', timeLeftMs: 1000, input: { value: null } }])
    await takeLines()
    const items = arrived[0]?.items as ItemSource<unknown, undefined>
    const first = pull(items)
    expect(await takeLines()).toEqual([[6, 2, WINDOW.items, WINDOW.bytes]])
    link.receive([5, 2, 'one'], [5, 2, 'two'], [7, 2])
    expect([await first, await pull(items), await pull(items)]).toEqual([
      { done: false, value: 'one' },
      { done: false, value: 'two' },
      { done: true, value: undefined },
    ])
  })

  test('a handler that reads no more says so once, and what was under way is dropped', async () => {
    link.receive([1, 2, 'schema.sum', 1000, null, { items: true }])
    const items = arrived[0]?.items as ItemSource<unknown, undefined>
    void pull(items)
    await takeLines()
    items.cancel()
    items.cancel()
    expect(await takeLines()).toEqual([[4, 2]])
    link.receive([5, 2, 1], [5, 2, 2], [7, 2])
    expect(link.closed).toBeUndefined()
  })

  test('the caller ends its items where the callee reads no more, and waits on', async () => {
    const items = new FakeSource<undefined>(counting)
    const answer = pull(open('input', items))
    link.receive([4, 1])
    expect(items.isCanceled).toBe(true)
    link.receive([2, 1, 42])
    expect(await answer).toEqual({ done: true, value: { ok: true, value: 42 } })
  })

  test.each<[string, unknown, ReceivedAnswer]>([
    ['an end', [7, 1], { ok: true, value: null }],
    [
      'an error',
      [3, 1, { kind: 'other', name: 'Error', message: 'why', code: 'unknown' }],
      { ok: false, error: expect.objectContaining({ message: 'why' }) },
    ],
  ])('%s comes behind the items before it, and ends the input', async (_, line, ending) => {
    const items = new FakeSource<undefined>(counting)
    const output = open('both', items)
    link.receive([5, 1, 'one'], line)
    expect(await pull(output)).toEqual({ done: false, value: 'one' })
    expect(await pull(output)).toEqual({ done: true, value: ending })
    expect(items.isCanceled).toBe(true)
  })

  test('a scope that stops cancels the call, drops what waits, and ends the input', async () => {
    const items = new FakeSource<undefined>(counting)
    const output = open('both', items)
    link.receive([5, 1, 'one'])
    await takeLines()
    scopes[0]?.stop(stopped)
    expect(await takeLines()).toEqual([[4, 1]])
    await expect(pull(output)).rejects.toMatchObject({ code: 'canceled', maybeExecuted: true })
    expect(items.isCanceled).toBe(true)
    link.receive([5, 1, 'late'], [7, 1])
    expect(link.closed).toBeUndefined()
  })

  test('a scope that is stopped before sends nothing', async () => {
    await takeLines()
    const scope = openScope()
    scope.stop(stopped)
    const output = session.stream({ ...call, sides: 'output' }, scope)
    await expect(pull(output)).rejects.toMatchObject({ code: 'canceled', maybeExecuted: false })
    expect(await takeLines()).toEqual([])
  })

  test('a served output leaves as far as credit goes, then its end', async () => {
    served = new FakeSource<WireAnswer>((at) =>
      at < 3 ? counting(at) : { done: true, value: { ok: true, body: 'null' } },
    )
    link.receive([1, 2, 'schema.count', 1000, { many: 3 }, { credit: [2, 1000] }])
    expect((await takeLines()).slice(-2)).toEqual([
      [5, 2, 0],
      [5, 2, 1],
    ])
    link.receive([6, 2, 2, 1000])
    expect(await takeLines()).toEqual([
      [5, 2, 2],
      [7, 2],
    ])
  })

  test('an output that is none needs no credit', async () => {
    served = new FakeSource<WireAnswer>(() => ({ done: true, value: { ok: true, body: '42' } }))
    link.receive([1, 2, 'schema.sum', 1000, null, { items: true }])
    expect((await takeLines()).at(-1)).toEqual([2, 2, 42])
  })

  test('a cancel ends what is served, and no answer follows', async () => {
    link.receive([1, 2, 'schema.count', 1000, null, { items: true, credit: [2, 1000] }])
    await takeLines()
    link.receive([4, 2])
    expect(served.isCanceled).toBe(true)
    arrived[0]?.items?.cancel()
    expect(await takeLines()).toEqual([])
  })

  test('a lost link ends both sides, behind the items that had arrived', async () => {
    const items = new FakeSource<undefined>(counting)
    const output = open('both', items)
    link.receive([1, 2, 'schema.count', 1000, null, { credit: [2, 1000] }], [5, 1, 'one'])
    link.lose()
    expect(await pull(output)).toEqual({ done: false, value: 'one' })
    await expect(pull(output)).rejects.toMatchObject({ code: 'unavailable', maybeExecuted: true })
    expect([items.isCanceled, served.isCanceled]).toEqual([true, true])
  })

  test('one stream too many is refused, and the others go on', async () => {
    for (let index = 1; index <= MAX_SESSION_STREAMS; index++) {
      link.receive([1, 2 * index, 'schema.count', 60_000, null, { credit: [1, 1000] }])
    }
    // Calls take turns where they take long.
    await expect.poll(() => arrived.length, { timeout: 10_000 }).toBe(MAX_SESSION_STREAMS)
    await takeLines()
    const id = 2 * MAX_SESSION_STREAMS + 2
    link.receive([1, id, 'schema.count', 60_000, null, { credit: [1, 1000] }])
    await expect.poll(() => link.sent.length, { timeout: 10_000 }).toBe(1)
    const message = 'schema.count is refused: 1000 streams of one session are open, which is the limit'
    expect(await takeLines()).toMatchObject([[3, id, { code: 'resource_exhausted', maybeExecuted: false, message }]])
    link.receive([4, 2], [1, id + 2, 'schema.count', 60_000, null, { credit: [1, 1000] }])
    expect(await takeLines()).toMatchObject([[5, id + 2, expect.any(Number)]])
  })

  test('a session that leaves is closed only when its streams are over', async () => {
    const output = open('output')
    session.leave('the peer is closing')
    link.receive([8, 'as you'])
    expect(link.closed).toBeUndefined()
    link.receive([5, 1, 'in time'], [7, 1])
    expect(link.closed).toEqual([1000, ''])
    expect(output.pull()).toEqual({ done: false, value: 'in time' })
  })
})
