import {
  FlagError,
  INVALID_CONNECTION,
  type InterceptedCall,
  NetgenError,
  NULL,
  netgen,
  type Peer,
} from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { busy, type FlagsStub, flags, quotaReached } from '../../../fixtures/behaviour/generated/flags.js'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { FlagsOf, QUOTA } from './flag-handlers.js'
import { catchError, type Harness, sayLate, silent } from './harness.js'

/** Calls that end with flags, here and there, whatever carries them. */
export function describeFlags(name: string, createHarness: () => Promise<Harness>, hasInputStreams = true): void {
  describe(`flags over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let there: Peer
    let stub: FlagsStub
    let local: FlagsOf
    let remote: FlagsOf

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
      there = await harness.createPeer({ logger: silent, disclosure: 'none' })
      local = new FlagsOf()
      remote = new FlagsOf()
      stub = here.connect(flags, local)
      there.connect(flags, remote)
    })
    afterEach(() => harness.close())

    /** The options of a call to this peer or to the other one, and the peer that it is answered by. */
    const sides = [
      ['here', () => ({ options: {}, id: here.id, says: (message: string) => message })],
      // What is no flag is an error, of which that peer tells nobody.
      ['there', () => ({ options: { peer: there.id }, id: there.id, says: () => 'which tells this caller no more' })],
    ] as const

    describe.each(sides)('%s', (_, choose) => {
      test('a call that ends with a flag without a handler throws a FlagError, with the data', async () => {
        const error = await catchError(stub.ask('quota', choose().options))
        expect(error).toBeInstanceOf(FlagError)
        expect(error).toBeInstanceOf(NetgenError)
        expect(error).toMatchObject({
          name: 'FlagError',
          message:
            'flags.ask ended with the flag "flags.quotaReached": give peer.onFlag a handler for it, or catch FlagError',
          code: 'failed_precondition',
          maybeExecuted: true,
          flag: 'flags.quotaReached',
          data: QUOTA,
        })
        const flagged = error as unknown as FlagError
        expect([flagged.is(quotaReached), flagged.is(busy)]).toEqual([true, false])
      })

      test("a handler's answer is the call's, and it is told the data and the call", async () => {
        const told: unknown[] = []
        here.onFlag(quotaReached, ({ limit, resetsAt }, call) => {
          told.push(limit, resetsAt, call.tag, call.peer.id)
          return limit * 2
        })
        const { options, id } = choose()
        expect(await stub.askNumber('quota', options)).toBe(10)
        expect(told).toEqual([5, QUOTA.resetsAt, 'flags.askNumber', id])
      })

      test('what a handler throws is what the call throws', async () => {
        const failure = new RangeError('come back later')
        here.onFlag(busy, async (data) => {
          expect(data).toBeUndefined()
          throw failure
        })
        expect(await catchError(stub.tell('busy', choose().options))).toBe(failure)
      })

      test("what a handler answers is checked as the connection's output", async () => {
        here.onFlag(busy, () => 'soon')
        expect(await catchError(stub.askNumber('busy', choose().options))).toMatchObject({
          code: 'internal',
          message:
            'output of flags.askNumber, as the handler of the flag "behaviour/busy ✓" answered it, is refused: it is "soon", expected an integer',
        })
        expect(await stub.ask('busy', choose().options)).toBe('soon')
        expect(await stub.tell('busy', choose().options)).toBeUndefined()
      })

      test('no output is taken for a flag, or for an error', async () => {
        await expect(stub.ask('like a flag', choose().options)).resolves.toEqual({
          flag: 'flags.quotaReached',
          data: 5,
        })
        await expect(stub.ask('like an error', choose().options)).resolves.toEqual({
          error: { code: 'internal', message: 'no' },
        })
        await expect(stub.ask('', choose().options)).resolves.toBe('NULL')
      })

      test.each([
        ['wrong data', 'data of flags.quotaReached is refused: /limit is 0, expected at least 1'],
        ['no data', 'data of flags.quotaReached is refused: it is undefined, expected an object'],
      ])('data that the schema does not allow are no flag: %s', async (how, message) => {
        here.onFlag(quotaReached, () => 1)
        const error = await catchError(stub.ask(how, choose().options))
        expect(error).not.toBeInstanceOf(FlagError)
        expect(error).toMatchObject({
          code: 'internal',
          maybeExecuted: true,
          message: expect.stringMatching(choose().says(message)),
        })
      })

      test('a handler that takes too long is not waited for', async () => {
        here.onFlag(busy, () => new Promise(() => {}))
        const error = await catchError(stub.ask('busy', { ...choose().options, timeoutMs: 50 }))
        expect(error).toMatchObject({ code: 'deadline_exceeded', message: sayLate('flags.ask', 50) })
      })

      test('netgen.null ends with the flag NULL', async () => {
        const builtin = here.connect(netgen)
        expect(await catchError(builtin.null(choose().options))).toMatchObject({ flag: 'netgen.NULL', data: undefined })
        here.onFlag(NULL, () => 'nothing')
        expect(await builtin.null(choose().options)).toBe('nothing')
      })

      test('a tag that is not served throws, and is a flag where that has a handler', async () => {
        const unserved = here.connect(schema)
        const error = await catchError(unserved.greet(choose().options))
        expect(error).not.toBeInstanceOf(FlagError)
        expect(error).toMatchObject({ code: 'unimplemented', asked: 'schema.greet' })
        const { group, host, port } = choose().id === here.id ? here : there
        here.onFlag(INVALID_CONNECTION, ({ peer, asked, has }, call) => {
          expect(call.peer.id).toBe(choose().id)
          expect(has).toEqual(expect.arrayContaining(['flags.ask', 'netgen.info']))
          return `${asked} is not at ${peer}`
        })
        expect(await unserved.greet(choose().options)).toBe(`schema.greet is not at ${group}@${host}:${port}`)
        await expect(stub.ask('', choose().options)).resolves.toBe('NULL')
      })

      test('a stream ends with it, behind its items', async () => {
        const items: number[] = []
        const read = async (): Promise<void> => {
          for await (const item of stub.count('busy', choose().options)) items.push(item)
        }
        expect(await catchError(read())).toMatchObject({ name: 'FlagError', flag: 'behaviour/busy ✓' })
        expect(items).toEqual([1, 2, 3])
        const handling = here.onFlag(busy, () => undefined)
        await read()
        expect(items).toEqual([1, 2, 3, 1, 2, 3])
        handling[Symbol.dispose]()
        here.onFlag(busy, () => 4)
        expect(await catchError(read())).toMatchObject({
          message:
            'output of flags.count, as the handler of the flag "behaviour/busy ✓" answered it, is refused: it is 4, expected nothing, which ends the stream, or a throw',
        })
      })

      test('a stream ends with it before its first item', async () => {
        const first = stub.count('busy at once', choose().options)
        expect(await catchError(first.next())).toMatchObject({ flag: 'behaviour/busy ✓' })
        expect(await first.next()).toEqual({ done: true, value: undefined })
      })

      if (hasInputStreams)
        test('a call with an input stream ends with it, and closes its input', async () => {
          let isClosed = false
          async function* numbers(): AsyncGenerator<number> {
            try {
              yield* [1, 2, -1, 4]
            } finally {
              isClosed = true
            }
          }
          here.onFlag(quotaReached, ({ limit }) => limit)
          expect(await stub.sum(numbers(), choose().options)).toBe(5)
          await expect.poll(() => isClosed).toBe(true)
        })
    })

    test('a flag of a schema that is not connected here has its data as JSON held them', async () => {
      const error = await catchError(stub.ask('unheard of', { peer: there.id }))
      expect(error).toMatchObject({ flag: 'unheard.of', data: { limit: 5, resetsAt: '2030-01-01T00:00:00.000Z' } })
    })

    test('a handler is taken away by disposing of it, and there is one at a time', async () => {
      const handling = here.onFlag(busy, () => 1)
      expect(() => here.onFlag(busy, () => 2)).toThrow(
        expect.objectContaining({
          code: 'already_exists',
          message: 'flag "behaviour/busy ✓" has a handler already: dispose of what onFlag gave before giving another',
        }),
      )
      handling[Symbol.dispose]()
      expect(await catchError(stub.ask('busy', { peer: there.id }))).toBeInstanceOf(FlagError)
      here.onFlag(busy, () => 3)
      handling[Symbol.dispose]()
      expect(await stub.ask('busy', { peer: there.id })).toBe(3)
    })

    test('what is no flag, or no handler, is refused', async () => {
      expect(() => here.onFlag({} as never, () => 1)).toThrow(
        'flag is {}, expected one that `netgen build` exports: import it from the generated file',
      )
      expect(() => here.onFlag(busy, 1 as never)).toThrow(
        'handler of the flag "behaviour/busy ✓" is 1, expected a function',
      )
      expect(await catchError(stub.ask('no flag'))).toMatchObject({
        code: 'invalid_argument',
        message: 'flag is "busy", expected one that `netgen build` exports: import it from the generated file',
      })
    })

    test('a call to all has its answer for each peer', async () => {
      const third = await harness.createPeer({ logger: silent })
      third.connect(flags, new FlagsOf())
      here.onFlag(busy, (_, { peer }) => peer.id)
      expect(await stub.ask.all('busy')).toMatchObject([
        { status: 'fulfilled', value: there.id },
        { status: 'fulfilled', value: third.id },
      ])
    })

    test('an idempotent call is repeated by nobody because of it', async () => {
      here.onFlag(busy, () => 1)
      expect(await stub.askOnce('busy', { peer: there.id })).toBe(1)
      expect(remote.ran).toEqual(['busy'])
    })

    test('passes a peer in between as an error: what its flags mean is for that peer to say', async () => {
      const middle = await harness.createPeer({ logger: silent })
      const onward = middle.connect(flags)
      middle.connect(schema, new Proxy({} as never, { get: () => () => onward.ask('busy', { peer: there.id }) }))
      here.onFlag(busy, () => 'never asked')
      const error = await catchError(here.connect(schema).greet({ peer: middle.id }))
      expect(error).not.toBeInstanceOf(FlagError)
      expect(error).toMatchObject({ name: 'FlagError', flag: 'behaviour/busy ✓', code: 'failed_precondition' })
    })
  })

  describe(`flags and interceptors over ${name}`, () => {
    let harness: Harness
    beforeEach(async () => {
      harness = await createHarness()
    })
    afterEach(() => harness.close())

    test('the callee has them as a FlagError, the caller has what they mean here', async () => {
      const seen: unknown[] = []
      const watch = async (call: InterceptedCall, next: () => Promise<NonNullable<unknown> | null>) => {
        if (call.tag !== 'flags.ask') return next()
        try {
          const answer = await next()
          seen.push([call.side, answer])
          return answer
        } catch (error) {
          seen.push([call.side, error instanceof FlagError && error.flag])
          throw error
        }
      }
      const here = await harness.createPeer({ logger: silent, interceptors: { caller: [watch] } })
      const there = await harness.createPeer({ logger: silent, interceptors: { callee: [watch] } })
      there.connect(flags, new FlagsOf())
      const stub = here.connect(flags)
      await catchError(stub.ask('busy', { peer: there.id }))
      here.onFlag(busy, () => 1)
      await stub.ask('busy', { peer: there.id })
      await catchError(stub.count('busy at once', { peer: there.id }).next())
      expect(seen).toEqual([
        ['callee', busy.tag],
        ['caller', busy.tag],
        ['callee', busy.tag],
        ['caller', 1],
      ])
    })

    test("a callee's interceptor may answer in place of them", async () => {
      const here = await harness.createPeer({ logger: silent })
      const there = await harness.createPeer({
        logger: silent,
        interceptors: {
          callee: [
            (_, next) =>
              next().catch((error: unknown) => {
                if (error instanceof FlagError && error.is(busy)) return 7
                throw error
              }),
          ],
        },
      })
      there.connect(flags, new FlagsOf())
      expect(await here.connect(flags).askNumber('busy', { peer: there.id })).toBe(7)
    })
  })
}
