import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import fixture from '../../../../fixtures/wire/session.json' with { type: 'json' }
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import { createHello } from '../../../../runtime/transport/session/hello.js'
import { readMessage } from '../../../../runtime/transport/session/message.js'
import { Session } from '../../../../runtime/transport/session/session.js'
import { Turns } from '../../../../runtime/transport/session/turns.js'
import { VERSION } from '../../../../runtime/version.js'
import { AS_IT_CAME } from '../../../../runtime/wire/as-it-came.js'
import type { ArrivedCall, WireAnswer } from '../../../../runtime/wire/exchange.js'
import { FakeLink } from './fake-link.js'
import { noEvents } from './no-events.js'
import { noStreams } from './no-streams.js'

const self = { id: 'self', group: 'notes', hub: false, host: '127.0.0.1', port: 3011 }
const hello = createHello(self, [{ name: 'schema', digest: 'abc' }])
/** Who the fixture's hello says it is. */
const theirId = 'b4b62b08490fe9a4'
const call = { tag: 'schema.add', body: '{"left":1}', timeLeftMs: 1_000, caller: { id: 'self', group: 'notes' } }

describe('a session', () => {
  const deadlines = new Deadlines()
  const scopes: CallScope[] = []
  let link: FakeLink
  let session: Session
  let arrived: ArrivedCall[]
  let answers: ((answer: WireAnswer) => void)[]
  const cancel = vi.fn()
  const onEnd = vi.fn()
  const onLateAnswer = vi.fn()

  beforeEach(() => {
    link = new FakeLink()
    arrived = []
    answers = []
    cancel.mockClear()
    onEnd.mockClear()
    onLateAnswer.mockClear()
    session = new Session({
      link,
      role: 'dialer',
      hello,
      events: noEvents,
      turns: new Turns(),
      onOpen: () => {},
      onLateAnswer,
      onEnd,
      answerer: {
        tags: [],
        schemas: [],
        isFull: false,
        serves: () => true,
        ...noStreams,
        serve: (served) => {
          arrived.push(served)
          return { answer: new Promise((resolve) => answers.push(resolve)), cancel }
        },
      },
    })
    link.receive(fixture.hello)
  })
  afterEach(() => {
    for (const scope of scopes.splice(0)) scope.finish()
    deadlines.close()
  })

  const openSession = (over: FakeLink, role: 'dialer' | 'acceptor' = 'dialer'): Session =>
    new Session({
      link: over,
      role,
      hello,
      events: noEvents,
      turns: new Turns(),
      onOpen: () => {},
      onEnd: () => {},
      answerer: { tags: [], schemas: [], isFull: false, ...noStreams, serves: () => true, serve: vi.fn() },
    })
  const open = (timeoutMs = 1_000, signal?: AbortSignal): CallScope => {
    const scope = new CallScope(deadlines, call.tag, timeoutMs, signal)
    scopes.push(scope)
    return scope
  }
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  test.each(fixture.messages)('reads $says', ({ line, means }) => {
    expect(readMessage(line)).toEqual(means)
  })

  test.each(fixture.mistakes)('closes with 4400 for $says', ({ line }) => {
    link.receive(line)
    expect(link.closed?.[0]).toBe(4400)
    expect(arrived).toEqual([])
  })

  test.each([
    ['no JSON', '[1,2\n'],
    ['a prototype in an answer', '[2,1,{"__proto__":{}}]\n'],
    ['a prototype behind no call', '[1,"2","t",1,{"__proto__":{}}]\n'],
    ['an empty line', '\n'],
  ])('closes with 4400 for %s', (_, frame) => {
    link.receiveText(frame)
    expect(link.closed).toEqual([4400, 'a line is no message'])
    expect(arrived).toEqual([])
  })

  test.each([
    ['a prototype', '{"__proto__":{}}', 'the key "__proto__" is not allowed'],
    ['65 levels', `${'['.repeat(65)}${']'.repeat(65)}`, 'it is deeper than 64 levels'],
  ])('answers a call whose input has %s, and stays', async (_, input, problem) => {
    link.receiveText(`[1,2,"t",1000,${input}]\n[1,4,"t",1000,null]\n`)
    await tick()
    expect(link.lines.slice(1)).toEqual([
      [3, 2, expect.objectContaining({ code: 'invalid_argument', message: `input of t is refused: ${problem}` })],
    ])
    expect([link.closed, arrived.length]).toEqual([undefined, 1])
  })

  const manyKeys = `{${Array.from({ length: 45_000 }, (_, index) => `"${index}":0`)}}`

  test.each([`[2,1,${manyKeys}]`, `[3,7,${'['.repeat(300_000)}`, `[5,8,${manyKeys}]`, `[10,1,1,1,${manyKeys}]`])(
    'reads nothing long that belongs to nothing in flight',
    async (line) => {
      link.receiveText(`${line}\n[1,2,"t",1000,null]\n`)
      await tick()
      expect([link.closed, arrived.length]).toEqual([undefined, 1])
    },
  )

  test('reads an answer that it waits for, however many keys it has', async () => {
    const answer = session.send(call, open(), AS_IT_CAME)
    link.receiveText(`[2,1,${manyKeys}]\n`)
    expect(await answer).toMatchObject({ ok: true, value: { 44999: 0 } })
  })

  test.each([`[ 2,1,${manyKeys}]`, `[6,1,${manyKeys}]`, `[9,2,${manyKeys}]`])(
    'ends over a line of too many keys that is no call',
    async (line) => {
      link.receiveText(`${line}\n`)
      await tick()
      expect(link.closed).toEqual([4400, 'a line is no message'])
    },
  )

  test('answers a call whose input has too many keys, and stays', async () => {
    link.receiveText(`[1,2,"t",1000,${manyKeys}]\n[1,4,"t",1000,null]\n`)
    await tick()
    const problem = 'its different keys, shapes of objects and nested values count more than 40000: send it in parts'
    expect(link.lines.slice(1)).toEqual([
      [3, 2, expect.objectContaining({ code: 'resource_exhausted', message: `input of t is refused: ${problem}` })],
    ])
    expect([link.closed, arrived.length]).toEqual([undefined, 1])
  })

  test.each(['[2,1,', '[3,1,', '[11,1,', '[5,1,', '[10,1,1,1,', '[13,1,1,1,'])(
    'does not read a long line %s… that nobody asked for',
    async (head) => {
      link.receiveText(`${head}${'['.repeat(262_144)}\n[1,4,"t",1,null]\n`)
      await tick()
      expect([link.closed, arrived.length]).toEqual([undefined, 1])
    },
  )

  test('counts long answers that nobody asked for', () => {
    link.receiveText(`[2,1,"${'a'.repeat(262_144)}"]\n`)
    expect(onLateAnswer).toHaveBeenCalledTimes(1)
  })

  test('reads a long answer to a call', async () => {
    const text = 'a'.repeat(262_144)
    const answer = session.call(call, open())
    link.receiveText(`[2,1,"${text}"]\n`)
    expect(await answer).toEqual({ ok: true, value: text })
  })

  test('ends at a long item for a call without a stream', () => {
    link.receiveText(`[1,2,"t",1000,null]\n[5,2,"${'a'.repeat(262_144)}"]\n`)
    expect(link.closed).toEqual([4400, '2 is a call without a stream'])
  })

  test('takes 64 levels of an input', () => {
    link.receiveText(`[1,2,"t",1,${'['.repeat(64)}${']'.repeat(64)}]\n`)
    expect(arrived).toHaveLength(1)
  })

  test('closes with 4400 where the first line is no hello, or an id does not grow', () => {
    const early = new FakeLink()
    new Session({
      link: early,
      role: 'acceptor',
      hello,
      events: noEvents,
      turns: new Turns(),
      onOpen: () => {},
      onEnd: () => {},
      answerer: { tags: [], schemas: [], isFull: false, ...noStreams, serves: () => true, serve: vi.fn() },
    })
    early.receive([1, 1, 'schema.add', 1, null])
    expect(early.closed).toEqual([4400, 'the first line has to be a hello'])
    link.receive([1, 4, 'schema.add', 1, null], [1, 2, 'schema.add', 1, null])
    expect(link.closed).toEqual([4400, '2 is no new id of a call'])
  })

  test('sends what one tick brings forth in one frame', async () => {
    await tick()
    const before = link.sent.length
    void session.call(call, open())
    void session.call(call, open())
    await tick()
    expect(link.sent.slice(before)).toEqual([
      '[1,1,"schema.add",1000,{"left":1}]\n[1,3,"schema.add",1000,{"left":1}]\n',
    ])
  })

  test('a call that has a name says it', async () => {
    void session.call({ ...call, callId: 'b4b62b08-1' }, open())
    await tick()
    expect(link.lines.at(-1)).toEqual([1, 1, 'schema.add', 1000, { left: 1 }, { callId: 'b4b62b08-1' }])
    link.receive([1, 2, 'schema.add', 50, null, { callId: '7' }])
    expect(arrived).toMatchObject([{ tag: 'schema.add', callId: '7' }])
  })

  test('sends a large message alone, behind what came before it', async () => {
    await tick()
    const before = link.sent.length
    void session.call(call, open())
    void session.call({ ...call, body: JSON.stringify('x'.repeat(10_000)) }, open())
    expect(link.sent.slice(before).map((frame) => frame.slice(0, 6))).toEqual(['[1,1,"', '[1,3,"'])
  })

  test('gives each call its own answer, whatever the order', async () => {
    const calls = [session.call(call, open()), session.call(call, open())]
    link.receive([2, 3, 'second'], [2, 1, 'first'])
    expect(await Promise.all(calls)).toEqual([
      { ok: true, value: 'first' },
      { ok: true, value: 'second' },
    ])
  })

  test('drops answers that nobody waits for, forged, doubled or late, and counts them', async () => {
    const scope = open()
    const waiting = session.call(call, scope)
    link.receive([2, 99, 'forged'], [2, 2, 'of the other side'], [2, 1, 'mine'], [2, 1, 'doubled'])
    expect(await waiting).toEqual({ ok: true, value: 'mine' })
    expect(onLateAnswer).toHaveBeenCalledTimes(3)
    link.receive([11, 1, { flag: 'schema.full', data: null }])
    expect(onLateAnswer).toHaveBeenCalledTimes(4)
    expect(link.closed).toBeUndefined()
  })

  test('tells the other side that nobody waits any more', async () => {
    const controller = new AbortController()
    const waiting = session.call(call, open(1_000, controller.signal)).catch((error: unknown) => error)
    controller.abort()
    expect(await waiting).toMatchObject({ code: 'canceled', maybeExecuted: true })
    await tick()
    expect(link.lines.at(-1)).toEqual([4, 1])
    link.receive([2, 1, 'late'])
    expect(link.closed).toBeUndefined()
  })

  test('answers calls, and cancels their handlers', async () => {
    link.receive([1, 2, 'schema.add', 50, { left: 1 }], [1, 4, 'schema.add', 50, null], [4, 4])
    expect(arrived).toEqual([
      {
        tag: 'schema.add',
        timeLeftMs: 50,
        input: { value: { left: 1 } },
        caller: { id: theirId, group: 'notes' },
      },
      {
        tag: 'schema.add',
        timeLeftMs: 50,
        input: { value: null },
        caller: { id: theirId, group: 'notes' },
      },
    ])
    expect(cancel).toHaveBeenCalledOnce()
    answers[0]?.({ ok: true, body: '{"sum":1}' })
    await tick()
    expect(link.lines.at(-1)).toEqual([2, 2, { sum: 1 }])
  })

  test('ends calls in flight with unavailable, and handlers, where the link is lost', async () => {
    const waiting = session.call(call, open()).catch((error: unknown) => error)
    link.receive([1, 2, 'schema.add', 50, null])
    link.lose()
    expect(await waiting).toMatchObject({
      code: 'unavailable',
      maybeExecuted: true,
      message: 'the connection to 127.0.0.1:3010 was lost: the handler may have run',
    })
    expect(cancel).toHaveBeenCalledOnce()
    expect(onEnd).toHaveBeenCalledOnce()
    expect(() => session.call(call, open())).toThrow(
      'the connection to 127.0.0.1:3010 has ended: the handler has not run',
    )
  })

  test('finishes what is in flight before it leaves', async () => {
    const waiting = session.call(call, open())
    session.leave('the peer is closing')
    expect(() => session.call(call, open())).toThrow(/has ended/)
    expect(link.closed).toBeUndefined()
    // Sent before the other side has heard of it.
    link.receive([2, 1, 'in time'], [1, 2, 'schema.add', 50, null])
    expect(await waiting).toEqual({ ok: true, value: 'in time' })
    link.receive([8, 'as you'])
    expect(link.closed).toBeUndefined()
    answers[0]?.({ ok: true, body: '3' })
    await tick()
    expect(link.lines.slice(-2)).toEqual([
      [8, 'the peer is closing'],
      [2, 2, 3],
    ])
    expect(link.closed).toEqual([1000, ''])
  })

  test('leaves when the other side does', async () => {
    link.receive([8, 'the peer is closing'])
    await tick()
    expect(link.lines.at(-1)).toEqual([8, 'as you'])
    expect(link.closed).toEqual([1000, ''])
  })

  test('says first who it is, what it speaks and accepts, and what is connected', async () => {
    await tick()
    expect(link.lines[0]).toEqual([
      0,
      {
        ...self,
        versions: { netgen: VERSION, protocol: 1 },
        limits: { inFlight: 1_024, messageBytes: 1_048_576 },
        schemas: { schema: 'abc' },
      },
    ])
  })

  test('closes with 4400 where another version is spoken than was agreed on', () => {
    const other = new FakeLink()
    openSession(other)
    const [, theirs] = fixture.hello as [number, object]
    other.receive([0, { ...theirs, versions: { netgen: '2.0.0', protocol: 2 } }])
    expect(other.closed).toEqual([4400, 'version 2 where 1 was agreed on'])
  })

  test('keeps to the limits of the other side', async () => {
    const other = new FakeLink()
    const limited = openSession(other)
    const [, theirs] = fixture.hello as [number, object]
    other.receive([0, { ...theirs, limits: { inFlight: 2, messageBytes: 12 } }])
    const calls = [limited.call(call, open()), limited.call(call, open())]
    expect(() => limited.call(call, open())).toThrow(
      expect.objectContaining({
        code: 'resource_exhausted',
        maybeExecuted: false,
        message:
          'schema.add was not sent to 127.0.0.1:3010: 2 calls to it are without an answer, which is its limit: wait for some of them',
      }),
    )
    other.receive([2, 1, 1], [2, 3, 2])
    await Promise.all(calls)
    expect(() => limited.call({ ...call, body: '"ab\u00e9defghijkl"' }, open())).toThrow(
      expect.objectContaining({
        code: 'resource_exhausted',
        maybeExecuted: false,
        message:
          'input of schema.add is refused: it has 15 bytes of JSON, 127.0.0.1:3010 takes at most 12: send it in parts',
      }),
    )
    expect(() => void limited.call({ ...call, body: '"ab\u00e9defghi"' }, open())).not.toThrow()
  })

  test('refuses calls over 1,024 in flight one by one, and stays', async () => {
    const calls = Array.from({ length: 1_025 }, (_, index) => [1, 2 * (index + 1), 'schema.add', 60_000, null])
    link.receive(...calls)
    // What does not fit into one turn waits for the next.
    await expect.poll(() => arrived).toHaveLength(1_024)
    await expect.poll(() => link.lines.length).toBe(2)
    expect(link.closed).toBeUndefined()
    expect(link.lines.at(-1)).toMatchObject([
      3,
      2_050,
      {
        code: 'resource_exhausted',
        maybeExecuted: false,
        message: 'schema.add is refused: 1024 calls of one session are in flight, which is the limit',
      },
    ])
    answers[0]?.({ ok: true, body: '1' })
    await tick()
    link.receive([1, 2_052, 'schema.add', 60_000, null])
    await expect.poll(() => arrived).toHaveLength(1_025)
  })

  test.each<[string, number, string, string, string]>([
    [
      'reads too slowly',
      4413,
      'the reader is too slow',
      'resource_exhausted',
      '127.0.0.1:3010 closed the connection, since this peer reads too slowly: the handler may have run',
    ],
    [
      'sent what no peer sends',
      4400,
      '3 is no\u001b new id of a call',
      'internal',
      '127.0.0.1:3010 closed the connection, since it cannot read what this peer sent (3 is no new id of a call): the handler may have run',
    ],
    [
      'was not heard',
      4408,
      'nothing was heard',
      'unavailable',
      '127.0.0.1:3010 closed the connection, since it heard nothing of this peer: the handler may have run',
    ],
    ['is lost', 1006, '', 'unavailable', 'the connection to 127.0.0.1:3010 was lost: the handler may have run'],
  ])('says why calls in flight ended where this side %s', async (_, code, reason, kind, message) => {
    const waiting = session.call(call, open()).catch((error: unknown) => error)
    link.lose(code, reason)
    expect(await waiting).toMatchObject({ code: kind, message, maybeExecuted: true })
  })

  describe('whose messages wait to leave, over 8 MiB of them', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      link.bufferedBytes = 9 * 1024 * 1024
    })
    afterEach(() => {
      vi.useRealTimers()
    })
    const send = async (): Promise<unknown> => {
      const waiting = session.call(call, open()).catch((error: unknown) => error)
      await tick()
      return waiting
    }

    test('sends no call until all of it has left', async () => {
      void send()
      await tick()
      expect(() => session.call(call, open())).toThrow(
        expect.objectContaining({
          code: 'resource_exhausted',
          maybeExecuted: false,
          message:
            'schema.add was not sent to 127.0.0.1:3010: over 8388608 bytes wait to leave already: it reads too slowly',
        }),
      )
      link.drain()
      vi.advanceTimersByTime(2_000)
      expect(link.closed).toBeUndefined()
      expect(() => void session.call(call, open())).not.toThrow()
    })

    test.each([
      ['reads nothing until then, where it was dialled', 'acceptor', true],
      ['reads on, where it has dialled', 'dialer', false],
    ] as const)('%s', async (_, role, isPaused) => {
      const over = new FakeLink()
      const opened = openSession(over, role)
      over.receive(fixture.hello)
      over.bufferedBytes = link.bufferedBytes
      const waiting = opened.call(call, open()).catch(() => {})
      await tick()
      expect(over.isPaused).toBe(isPaused)
      over.drain()
      expect(over.isPaused).toBe(false)
      over.lose()
      await waiting
    })

    test('closes the link with 4413 after two seconds', async () => {
      const waiting = send()
      await tick()
      vi.advanceTimersByTime(1_999)
      expect(link.closed).toBeUndefined()
      vi.advanceTimersByTime(1)
      expect(link.closed).toEqual([4413, 'the reader is too slow'])
      expect(await waiting).toMatchObject({
        code: 'resource_exhausted',
        maybeExecuted: true,
        message: 'the connection to 127.0.0.1:3010 was closed, since it reads too slowly: the handler may have run',
      })
    })

    test('closes it at once where they are over 32 MiB', async () => {
      link.bufferedBytes = 33 * 1024 * 1024
      void send()
      await tick()
      expect(link.closed).toEqual([4413, 'the reader is too slow'])
    })
  })
})
