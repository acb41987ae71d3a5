import {
  createContextKey,
  DeclaredError,
  type IncomingCall,
  type InterceptedCall,
  type Interceptor,
  NetgenError,
  type Next,
  netgen,
  type OutgoingCall,
  type Peer,
  type PeerOptions,
  type RemotePeer,
} from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DiskFullError, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, sayLate, silent } from './harness.js'

const userKey = createContextKey<{ name: string }>('user')

/** What interceptors do around calls of one value, whatever carries them. */
export function describeInterceptors(name: string, createHarness: () => Promise<Harness>): void {
  describe(`interceptors over ${name}`, () => {
    let harness: Harness
    let notes: SchemaStub
    let here: Peer
    let other: Peer
    let there: RemotePeer
    let remote: Handlers
    let local: Handlers
    let seen: string[]

    beforeEach(async () => {
      harness = await createHarness()
      seen = []
    })
    afterEach(() => harness.close())

    async function start(mine: PeerOptions, theirs: PeerOptions = {}): Promise<void> {
      here = await harness.createPeer({ logger: silent, ...mine })
      other = await harness.createPeer({ logger: silent, ...theirs })
      local = new Handlers()
      remote = new Handlers()
      notes = here.connect(schema, local)
      other.connect(schema, remote)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    }

    const trace =
      (label: string): Interceptor =>
      async (_, next) => {
        seen.push(`> ${label}`)
        const output = await next()
        seen.push(`< ${label}`)
        return output
      }

    test('the first in the list is outermost, at either side', async () => {
      await start(
        { interceptors: { caller: [trace('a'), trace('b')], callee: [trace('wrong')] } },
        { interceptors: { callee: [trace('c'), trace('d')], caller: [trace('wrong')] } },
      )
      expect(await notes.add({ left: 1, right: 2 }, { peer: there })).toBe(3)
      expect(seen).toEqual(['> a', '> b', '> c', '> d', '< d', '< c', '< b', '< a'])
    })

    test.each([true, false])(
      'a call without a peer passes both sides of this peer (strictLocal: %s)',
      async (strictLocal) => {
        await start({ strictLocal, interceptors: { caller: [trace('caller')], callee: [trace('callee')] } })
        expect(await notes.add({ left: 1, right: 2 })).toBe(3)
        expect(seen).toEqual(['> caller', '> callee', '< callee', '< caller'])
        expect(local.ran).toEqual(['add'])
      },
    )

    test('each side is told what the call is', async () => {
      const calls: InterceptedCall[] = []
      const remember: Interceptor = (call, next) => {
        calls.push(call)
        return next()
      }
      await start({ interceptors: { caller: [remember] } }, { interceptors: { callee: [remember] } })
      await notes.add({ left: 1, right: 2 }, { peer: there, timeoutMs: 5_000 })
      expect(calls.map(({ side, tag, input, connection }) => [side, tag, input, connection.name])).toEqual([
        ['caller', 'schema.add', { left: 1, right: 2 }, 'add'],
        ['callee', 'schema.add', { left: 1, right: 2 }, 'add'],
      ])
      const [outgoing, incoming] = calls as [OutgoingCall, IncomingCall]
      expect(outgoing.target).toBe(there)
      expect(outgoing.peer).toBe(here)
      expect(incoming.peer).toBe(other)
      expect(incoming.caller).toEqual({ id: here.id, group: here.group })
      const warn = vi.spyOn(silent, 'warn')
      for (const { timeLeftMs, signal, logger } of calls) {
        expect(timeLeftMs).toBeGreaterThan(0)
        expect(timeLeftMs).toBeLessThanOrEqual(5_000)
        expect(signal.aborted).toBe(false)
        logger.warn('an entry of an interceptor', { timeLeftMs })
        expect(warn).toHaveBeenLastCalledWith('an entry of an interceptor', { timeLeftMs })
      }
      warn.mockRestore()
    })

    test('an alias is the tag that was called, beside the tag of the connection', async () => {
      const tags: string[][] = []
      await start({}, { interceptors: { callee: [looking((call) => tags.push([call.tag, call.connection.tag]))] } })
      const [renamed] = schema.connections.filter((connection) => connection.name === 'renamed')
      const older = { ...schema, digest: 'older', connections: [{ ...renamed, tag: 'ancient', aliases: [] }] }
      await here.connect(older as typeof schema).renamed({ peer: there })
      expect(tags).toEqual([['ancient', 'behaviour/new name ✓']])
    })

    test('input and output may be changed, at either side', async () => {
      const change: Interceptor = async (call, next) => {
        const { left, right } = call.input as { left: number; right: number }
        return ((await next({ input: { left: left * 10, right } })) as number) + 0.5
      }
      await start({ interceptors: { caller: [change] } }, { interceptors: { callee: [change, change] } })
      expect(await notes.add({ left: 1, right: 2 }, { peer: there })).toBe(1_003.5)
    })

    test('an interceptor may answer by itself: then nothing further in runs', async () => {
      await start({ interceptors: { caller: [async () => 7] } }, { interceptors: { callee: [async () => null] } })
      expect(await notes.add({ left: 1, right: 2 }, { peer: there })).toBe(7)
      expect(remote.ran).toEqual([])
    })

    test("an interceptor's refusal at the caller is thrown as it is, and nothing leaves", async () => {
      const refusal = new NetgenError('unauthenticated', 'log in first')
      await start({
        interceptors: {
          caller: [
            async () => {
              throw refusal
            },
          ],
        },
      })
      expect(await catchError(notes.greet({ peer: there }))).toBe(refusal)
      expect(await catchError(notes.greet())).toBe(refusal)
      expect([local.ran, remote.ran]).toEqual([[], []])
    })

    test("an interceptor's refusal at the callee reaches the caller like a handler's error, and says that nothing ran", async () => {
      await start(
        {},
        {
          interceptors: {
            callee: [
              async () => {
                throw new NetgenError('permission_denied', 'not you')
              },
            ],
          },
        },
      )
      const error = await catchError(notes.greet({ peer: there }))
      expect(error).toBeInstanceOf(NetgenError)
      expect(error).toMatchObject({ code: 'permission_denied', message: 'not you', maybeExecuted: false })
      expect(error['remote']).toMatchObject({ tag: 'schema.greet', hops: [{ tag: 'schema.greet' }] })
      expect(remote.ran).toEqual([])
    })

    test("the caller's interceptors see the errors that the caller sees", async () => {
      const errors: unknown[] = []
      const watch: Interceptor = async (_, next) => {
        try {
          return await next()
        } catch (error) {
          errors.push(error)
          throw error
        }
      }
      await start({ interceptors: { caller: [watch, watch] } })
      const declared = await catchError(callFromHere(() => notes.keep({ id: 'full', body: '' }, { peer: there })))
      const builtin = await catchError(callFromHere(() => notes.fail('type', { peer: there })))
      const refused = await catchError(callFromHere(() => notes.greet({ peer: 'nobody' })))
      expect(declared).toBeInstanceOf(DiskFullError)
      expect(declared).toBeInstanceOf(DeclaredError)
      expect(builtin).toBeInstanceOf(TypeError)
      expect(refused).toMatchObject({ code: 'not_found' })
      expect(errors).toEqual([declared, declared, builtin, builtin, refused, refused])
      for (const error of [declared, builtin, refused]) {
        expect(error.stack?.split('\n')[1]).toMatch(/^ {4}at .*describe-interceptors\.ts:\d+:\d+\)?$/)
      }
      expect(builtin.stack).toContain(`--- at ${there.group}@${there.host}:${there.port}, in schema.fail ---`)
    })

    test("an error's stack has the line that waits behind interceptors too, where many calls are made", async () => {
      const seen: (string | undefined)[] = []
      const watch: Interceptor = async (_, next) => {
        try {
          return await next()
        } catch (error) {
          seen.push((error as Error).stack)
          throw error
        }
      }
      await start({ interceptors: { caller: [watch, (_, next) => next(), watch] } })
      const others = Array.from({ length: 200 }, () => notes.greet({ peer: there }))
      const error = await catchError(callFromHere(() => notes.fail('type', { peer: there })))
      await Promise.all(others)
      expect(seen).toEqual([error.stack, error.stack])
      expect(error.stack).toMatch(/^ {4}at (?:async )?callFromHere \(.*describe-interceptors\.ts:\d+:\d+\)$/m)
    })

    test('values that an interceptor sets are there further in, for the handler, and on that side alone', async () => {
      const set: Interceptor = (call, next) => {
        call.values.set(userKey, { name: `${call.side} ada` })
        return next()
      }
      const read: Interceptor = (call, next) => {
        seen.push(call.values.require(userKey).name)
        return next()
      }
      await start({ interceptors: { caller: [set, read] } }, { interceptors: { callee: [set, read] } })
      await notes.add({ left: 1, right: 2 }, { peer: there })
      await notes.add({ left: 1, right: 2 })
      expect(seen).toEqual(['caller ada', 'callee ada', 'caller ada'])
      expect(remote.contexts[0]?.values.get(userKey)).toEqual({ name: 'callee ada' })
      expect(local.contexts[0]?.values.get(userKey)).toBeUndefined()
    })

    test.each<[string, Record<string, string>]>([
      ['plain', { authorization: 'Bearer x', 'a.b_c-0': 'y' }],
      ['empty', { empty: '' }],
      ['line breaks and NUL', { lines: 'a\r\nhost: evil\r\n\r\n', nul: '\u0000', tab: '\t' }],
      ['any script', { text: 'hällo ✓ 日本 \u2028 \ud83d\ude00' }],
      ['blanks around', { blank: ' x ', traceparent: ' y ', baggage: '\t' }],
      ['trace context', { traceparent: '00-a-b-01', tracestate: 'a=1,b=2', baggage: 'user=1;x,y=2' }],
      ['trace context that is no header', { traceparent: 'a\r\nb', tracestate: '日本', baggage: '' }],
      ['names of Object.prototype', { constructor: 'x', tostring: 'y', hasownproperty: 'z' }],
      ['64 names', Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`n${index}`, 'x']))],
      ['8 KiB', { x: 'x'.repeat(8_192 - '{"x":""}'.length) }],
      ['8 KiB of escapes', { x: '\u0000'.repeat(1_364) }],
    ])('metadata arrives as it was set: %s', async (_, metadata) => {
      const arrived: object[] = []
      const keep = looking((call) => arrived.push(Object.fromEntries(call.metadata)))
      const attach = (call: OutgoingCall): void => {
        for (const [key, value] of Object.entries(metadata)) call.metadata.set(key, value)
      }
      await start({ interceptors: { caller: [looking(attach)], callee: [keep] } }, { interceptors: { callee: [keep] } })
      await notes.greet({ peer: there })
      await notes.greet()
      expect(arrived).toEqual([metadata, metadata])
    })

    test('without metadata, what arrives is empty', async () => {
      const sizes: number[] = []
      await start({}, { interceptors: { callee: [looking((call) => sizes.push(call.metadata.size))] } })
      await notes.greet({ peer: there })
      expect(sizes).toEqual([0])
    })

    describe.each(['caller', 'callee'] as const)('an interceptor of the %s', (side) => {
      test.each<[string, Interceptor, string, boolean]>([
        [
          'forgets next and answers nothing',
          async () => undefined as never,
          'neither called next() nor answered: call next(), or throw to refuse the call',
          false,
        ],
        [
          'forgets return',
          async (_, next) => void (await next()) as never,
          'answered undefined in place of what next() gave: return it',
          true,
        ],
        [
          'swallows an error',
          async (_, next) => next({ input: 'x' }).catch(() => {}) as never,
          'caught what next() threw and answered undefined: throw it again, or answer',
          false,
        ],
        ['calls next twice', (_, next) => next().then(() => next()), 'called next() twice: a call runs once', true],
        ['throws a text', () => Promise.reject('a text'), 'threw "a text", which is no Error: throw one', false],
        ['throws undefined', () => Promise.reject(), 'threw undefined, which is no Error: throw one', false],
        ['throws at once', throwNull, 'threw null, which is no Error: throw one', false],
        ['gives next a text', (_, next) => next('x' as never), 'gave next() "x", expected nothing or { input }', false],
      ])('that %s fails the call, and says why', async (_, wrong, message, maybeExecuted) => {
        const list = {
          interceptors: { [side]: [trace('a'), Object.defineProperty(wrong, 'name', { value: 'wrong' })] },
        }
        await (side === 'caller' ? start(list) : start({}, list))
        expect(await catchError(notes.add({ left: 1, right: 2 }, { peer: there }))).toMatchObject({
          code: 'internal',
          message: `interceptor "wrong" of schema.add ${message}`,
          maybeExecuted,
        })
        expect(seen).toEqual(['> a'])
      })

      test('that does not wait for next fails the call, and cancels what still runs', async () => {
        const list = { interceptors: { [side]: [async (_: unknown, next: Next) => void next() as never] } }
        await (side === 'caller' ? start(list) : start({}, list))
        expect(await catchError(notes.wait({ ms: 60_000 }, { peer: there }))).toMatchObject({
          code: 'internal',
          message: 'interceptor 1 of schema.wait ended before next() did: return what next() gives',
        })
        await expect.poll(() => remote.aborted.length).toBe(remote.ran.length)
      })
    })

    test('an interceptor without a name is known by its place', async () => {
      const list: Interceptor[] = [trace('a'), async () => undefined as never]
      await start({ interceptors: { caller: list } })
      expect((await catchError(notes.greet())).message).toBe(
        'interceptor 2 of schema.greet neither called next() nor answered: call next(), or throw to refuse the call',
      )
    })

    test('next that is called when all is over throws', async () => {
      const late: (() => unknown)[] = []
      await start({
        interceptors: {
          caller: [
            async function eager(_, next) {
              late.push(next)
              return 'at once'
            },
          ],
        },
      })
      await notes.greet()
      expect(late[0]).toThrow(
        expect.objectContaining({
          code: 'internal',
          message: 'interceptor "eager" of schema.greet called next() after it had ended: wait for what next() gives',
        }),
      )
      expect(local.ran).toEqual([])
    })

    test('where nothing is declared, undefined is an answer, and any other value stays here', async () => {
      await start({ interceptors: { caller: [(_, next) => next(), (_, next) => next().then(() => 5)] } })
      expect(await notes.forget('it', { peer: there })).toBeUndefined()
      expect(remote.ran).toEqual(['forget it'])
    })

    test.each<[string, Interceptor, string]>([
      [
        'an input',
        (_, next) => next({ input: { left: '1', right: 2 } }),
        'input of schema.add, as an interceptor left it, is refused: /left is "1", expected a number',
      ],
      [
        'an output',
        async (_, next) => `${await next()}`,
        'output of schema.add, as an interceptor left it, is refused: it is "3", expected a number',
      ],
    ])('%s that an interceptor breaks is its own fault, at either side', async (_, wrong, message) => {
      await start({ interceptors: { caller: [wrong] } }, { interceptors: { callee: [wrong] } })
      expect(await catchError(notes.add({ left: 1, right: 2 }, { peer: there }))).toMatchObject({
        code: 'internal',
        message,
      })
      const bare = await harness.createPeer({ logger: silent })
      const error = await catchError(bare.connect(schema).add({ left: 1, right: 2 }, { peer: there }))
      expect(error).toMatchObject({ code: 'internal', message })
    })

    test('an input that the caller breaks passes no interceptor, nor does an output that the handler breaks pass unseen', async () => {
      await start({ interceptors: { caller: [trace('caller')] } }, { interceptors: { callee: [trace('callee')] } })
      const wrong = { left: '1', right: 2 } as unknown as { left: number; right: number }
      expect(await catchError(notes.add(wrong, { peer: there }))).toMatchObject({ code: 'invalid_argument' })
      expect(seen).toEqual([])
      expect(await catchError(notes.lie({ peer: there }))).toMatchObject({
        code: 'internal',
        message: 'output of schema.lie is refused: it is 1.5, expected an integer',
      })
      expect(seen).toEqual(['> caller', '> callee'])
    })

    test('a call to all passes once for each peer', async () => {
      const targets: unknown[] = []
      await start({ interceptors: { caller: [looking((call: OutgoingCall) => targets.push(call.target))] } })
      const third = await harness.createPeer({ logger: silent })
      third.connect(schema, new Handlers())
      const results = await notes.greet.all()
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
      expect(targets).toEqual(results.map(({ peer }) => peer))
    })

    test("netgen's own connections pass too", async () => {
      await start({}, { interceptors: { callee: [trace('callee')] } })
      await here.connect(netgen).info({ peer: there })
      expect(seen).toEqual(['> callee', '< callee'])
    })

    test.each(['caller', 'callee'] as const)('a deadline ends an interceptor that never does: %s', async (side) => {
      const stuck = { interceptors: { [side]: [() => new Promise<never>(() => {})] } }
      await (side === 'caller' ? start(stuck) : start({}, stuck))
      expect(await catchError(notes.greet({ peer: there, timeoutMs: 50 }))).toMatchObject({
        code: 'deadline_exceeded',
        message: sayLate('schema.greet', 50),
      })
    })

    test('interceptors at both sides see that a call was canceled', async () => {
      const codes: unknown[] = []
      const watch: Interceptor = async (call, next) => {
        try {
          return await next()
        } catch (error) {
          codes.push([call.side, (error as NetgenError).code])
          throw error
        }
      }
      await start({ interceptors: { caller: [watch] } }, { interceptors: { callee: [watch] } })
      const controller = new AbortController()
      const call = notes.wait({ ms: 60_000 }, { peer: there, signal: controller.signal })
      await expect.poll(() => remote.ran).toEqual(['wait'])
      controller.abort()
      expect(await catchError(call)).toMatchObject({ code: 'canceled' })
      await expect.poll(() => codes).toHaveLength(2)
      expect(codes).toEqual(
        expect.arrayContaining([
          ['caller', 'canceled'],
          ['callee', 'canceled'],
        ]),
      )
    })

    test.each(['caller', 'callee'] as const)(
      'what still runs when an interceptor answers is canceled: %s',
      async (side) => {
        const hasty: Interceptor = async (_, next) => {
          void next()
          await expect.poll(() => remote.ran).toEqual(['wait'])
          return 'rather this'
        }
        const hurried = { interceptors: { [side]: [hasty] } }
        await (side === 'caller' ? start(hurried) : start({}, hurried))
        expect(await notes.wait({ ms: 60_000 }, { peer: there })).toBe('rather this')
        await expect.poll(() => remote.aborted).toHaveLength(1)
      },
    )

    test("what an interceptor calls has the call's time, and no more", async () => {
      const times: number[] = []
      const third = await harness.createPeer({
        logger: silent,
        interceptors: { callee: [looking((call) => times.push(call.timeLeftMs))] },
      })
      third.connect(schema, new Handlers())
      const ask: Interceptor = async (_, next) => {
        await Promise.resolve()
        await other.connect(schema).greet({ peer: `${third.host}:${third.port}` })
        return next()
      }
      await start({}, { interceptors: { callee: [ask] } })
      const peer = `${other.host}:${other.port}`
      await notes.greet({ peer, timeoutMs: 2_000 })
      expect(times).toHaveLength(1)
      expect(times[0]).toBeLessThanOrEqual(2_000)
    })

    test('an interceptor list that is changed later is the one that it was', async () => {
      const list = [trace('a')]
      await start({ interceptors: { caller: list } })
      list.push(trace('b'))
      await notes.greet()
      expect(seen).toEqual(['> a', '< a'])
    })
  })
}

/** An interceptor that looks at a call before it runs. */
function looking<Call extends InterceptedCall>(look: (call: Call) => unknown): Interceptor<Call> {
  return (call, next) => {
    look(call)
    return next()
  }
}

function throwNull(): never {
  throw null
}

async function callFromHere(call: () => Promise<unknown>): Promise<unknown> {
  return await call()
}
