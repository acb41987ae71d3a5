import { setTimeout as sleep } from 'node:timers/promises'
import { NetgenError, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DiskFullError, type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { catchError, type Harness, sayLate, silent } from './harness.js'
import { waitForAbort } from './stream-handlers.js'
import { collect, createStreamPeers, type StreamPeers } from './stream-peers.js'

/** More than all buffers together hold. */
const ENDLESS = 1_000_000_000

/**
 * What streams of outputs do, whatever carries them.
 *
 * @param window The most items that are made before anybody reads them. Default: 32 on their way, and the one that is made.
 */
export function describeStreams(name: string, createHarness: () => Promise<Harness>, window: number = 32 + 1): void {
  describe(`output streams over ${name}`, () => {
    let harness: Harness
    let peers: StreamPeers
    let stub: StreamsStub
    let there: RemotePeer

    beforeEach(async () => {
      harness = await createHarness()
      peers = await createStreamPeers(harness)
      stub = peers.stub
      there = peers.there
    })
    afterEach(() => harness.close())

    /** The handlers that a call with these options reaches. */
    const reach = (place: 'here' | 'there') =>
      place === 'here' ? { handlers: peers.local, options: {} } : { handlers: peers.remote, options: { peer: there } }

    describe.each(['here', 'there'] as const)('that run %s', (place) => {
      test.each([0, 1, 31, 32, 33, 1_000])('give all of %d items, in order, then end', async (many) => {
        const { handlers, options } = reach(place)
        const items = await collect(stub.count({ many }, options))
        expect(items).toEqual(Array.from({ length: many }, (_, index) => index))
        expect(handlers.told).toEqual(['count begins', 'count is done', 'count is closed'])
        expect(handlers.contexts[0]?.signal.aborted).toBe(false)
      })

      test('run nothing before the first next(), and nothing at all where they are left before it', async () => {
        const { handlers, options } = reach(place)
        const items = stub.count({ many: 3 }, options)
        expect(await items.return()).toEqual({ done: true, value: undefined })
        expect(await items.next()).toEqual({ done: true, value: undefined })
        expect(handlers.told).toEqual([])
      })

      test('answer steps that are asked for at once in their order', async () => {
        const { options } = reach(place)
        const items = stub.count({ many: 2 }, options)
        const steps = await Promise.all([items.next(), items.next(), items.next(), items.next()])
        expect(steps.map(({ value }) => value)).toEqual([0, 1, undefined, undefined])
        expect(steps.map(({ done }) => done)).toEqual([false, false, true, true])
      })

      test('convert items at both ends', async () => {
        const { handlers, options } = reach(place)
        const at = new Date('2001-02-03T04:05:06Z')
        handlers.onFollow = async function* () {
          yield { name: 'one', at }
        }
        expect(await collect(stub.follow(options))).toEqual([{ name: 'one', at }])
      })

      test('take any async iterable of the handler', async () => {
        const { handlers, options } = reach(place)
        const at = new Date()
        let isClosed = false
        handlers.onFollow = () => ({
          [Symbol.asyncIterator]: () => ({
            next: async () => ({ done: false, value: { name: 'again', at } }),
            return: async () => {
              isClosed = true
              return { done: true, value: undefined }
            },
          }),
        })
        for await (const item of stub.follow(options)) {
          expect(item).toEqual({ name: 'again', at })
          break
        }
        await expect.poll(() => isClosed).toBe(true)
      })

      test.each<[string, (items: AsyncIterableIterator<number>) => Promise<void>]>([
        [
          'break',
          async (items) => {
            for await (const item of items) if (item === 2) break
          },
        ],
        [
          'an error in the body',
          async (items) => {
            await catchError(
              (async () => {
                for await (const item of items) if (item === 2) throw new Error('enough')
              })(),
            )
          },
        ],
        [
          'return()',
          async (items) => {
            await items.next()
            await items.return?.()
          },
        ],
      ])('close the generator after %s, and fire its signal', async (_, leave) => {
        const { handlers, options } = reach(place)
        await leave(stub.count({ many: ENDLESS }, options))
        await expect.poll(() => handlers.told).toEqual(['count begins', 'count is closed'])
        expect(handlers.contexts[0]?.signal.reason).toMatchObject({ code: 'canceled' })
        expect(handlers.made).toBeLessThanOrEqual(3 + window)
        expect(peers.logged).toEqual([])
      })

      test('leave a step that is under way when return() is called', async () => {
        const { handlers, options } = reach(place)
        handlers.onFollow = async function* ({ signal }) {
          handlers.told.push('waits')
          yield await waitForAbort(signal)
        }
        const items = stub.follow(options)
        const step = items.next()
        await expect.poll(() => handlers.told).toEqual(['waits'])
        await items.return()
        expect(await step).toEqual({ done: true, value: undefined })
        await expect.poll(() => handlers.contexts[0]?.signal.aborted).toBe(true)
        expect(peers.logged).toEqual([])
      })

      test.each(['waits', 'does not wait'])('end by the signal of a caller that %s', async (state) => {
        const { handlers, options } = reach(place)
        const controller = new AbortController()
        handlers.onCount = async function* () {
          for (let number = 0; ; number++) {
            if (state === 'waits' && number > 0) await waitForAbort(handlers.contexts[0]?.signal as AbortSignal)
            yield number
          }
        }
        const items = stub.count({ many: 1 }, { ...options, signal: controller.signal })
        await items.next()
        const waiting = state === 'waits' ? catchError(items.next()) : undefined
        controller.abort(new Error('changed my mind'))
        expect(await (waiting ?? catchError(items.next()))).toMatchObject({
          code: 'canceled',
          maybeExecuted: true,
          message: 'streams.count was canceled by its caller',
          cause: { message: 'changed my mind' },
        })
        expect(await items.next()).toEqual({ done: true, value: undefined })
        await expect.poll(() => handlers.told).toEqual(['count begins', 'count is closed'])
        expect(peers.logged).toEqual([])
      })

      test('end at the deadline that the call names, however many items come', async () => {
        const { handlers, options } = reach(place)
        handlers.onCount = async function* () {
          for (;;) {
            await sleep(5)
            yield 1
          }
        }
        const error = await catchError(collect(stub.count({ many: 1 }, { ...options, timeoutMs: 60 })))
        expect(error).toMatchObject({
          code: 'deadline_exceeded',
          maybeExecuted: true,
          message: sayLate('streams.count', 60),
        })
        await expect.poll(() => handlers.told.at(-1)).toBe('count is closed')
      })

      test('end at the deadline that the connection names', async () => {
        const { handlers, options } = reach(place)
        const error = await catchError(collect(stub.brief(options)))
        expect(error).toMatchObject({ code: 'deadline_exceeded', message: sayLate('streams.brief', 100) })
        await expect.poll(() => handlers.contexts[0]?.timeLeftMs).toBe(0)
        await expect.poll(() => handlers.told).toEqual(['brief is closed'])
      })

      test('last longer than the limit of the peer, which is one for each wait', async () => {
        const peer = await harness.createPeer({ logger: silent, timeoutMs: 300 })
        const { handlers } = reach(place)
        const calls = peer.connect(streams, handlers)
        const options = place === 'here' ? {} : { peer: there }
        handlers.onCount = async function* (many) {
          for (let number = 0; number < many; number++) {
            yield number
            await sleep(80)
          }
          await sleep(60_000, undefined, { signal: handlers.contexts.at(-1)?.signal })
        }
        const items = calls.count({ many: 6 }, options)
        const startMs = performance.now()
        for (let number = 0; number < 6; number++) expect(await items.next()).toEqual({ done: false, value: number })
        expect(performance.now() - startMs).toBeGreaterThan(300)
        // While nobody waits for an item, no time passes.
        await sleep(400)
        expect(await catchError(items.next())).toMatchObject({
          code: 'deadline_exceeded',
          maybeExecuted: true,
          message:
            'streams.count gave nothing for 300 ms: name a timeoutMs for the whole stream where it may take longer',
        })
        await expect.poll(() => handlers.told.at(-1)).toBe('count is closed')
      })

      test('refuse an input before anything runs', async () => {
        const { handlers, options } = reach(place)
        expect(await catchError(stub.count({ many: -1 }, options).next())).toMatchObject({
          code: 'invalid_argument',
          maybeExecuted: false,
          message: 'input of streams.count is refused: /many is -1, expected at least 0',
        })
        expect(handlers.told).toEqual([])
      })

      test('refuse options that no call takes, at the first next()', async () => {
        const items = stub.count({ many: 1 }, { colour: 1 } as object)
        expect(await catchError(items.next())).toMatchObject({
          code: 'invalid_argument',
          message: 'option "colour" of streams.count is unknown: expected peer, timeoutMs, retryMs, signal, detached',
        })
      })

      test('refuse an item that breaks the schema: the ones before arrive, and the generator is closed', async () => {
        const { handlers, options } = reach(place)
        handlers.onCount = async function* () {
          yield 1
          yield 2
          yield 1.5
          yield 4
        }
        const items = stub.count({ many: 4 }, options)
        expect([await items.next(), await items.next()].map(({ value }) => value)).toEqual([1, 2])
        expect(await catchError(items.next())).toMatchObject({
          code: 'internal',
          maybeExecuted: true,
          message: 'item 2 of the output of streams.count is refused: it is 1.5, expected an integer',
        })
        expect(await items.next()).toEqual({ done: true, value: undefined })
        await expect.poll(() => handlers.told).toEqual(['count begins', 'count is closed'])
      })

      test('a handler that answers no stream is refused', async () => {
        const { handlers, options } = reach(place)
        handlers.onFollow = () => 7 as never
        expect(await catchError(stub.follow(options).next())).toMatchObject({
          code: 'internal',
          maybeExecuted: true,
          message:
            'output of streams.follow is refused: its handler answered 7, expected an async iterable: write it as async *name() { }',
        })
      })

      test('throw a declared error behind the items before it', async () => {
        const { handlers, options } = reach(place)
        handlers.onCount = async function* () {
          yield 1
          throw new DiskFullError({ freeBytes: 7 })
        }
        const items = stub.count({ many: 2 }, options)
        expect(await items.next()).toEqual({ done: false, value: 1 })
        const error = await catchError(items.next())
        expect(error).toBeInstanceOf(DiskFullError)
        expect(error).toMatchObject({ data: { freeBytes: 7 } })
        expect(await items.next()).toEqual({ done: true, value: undefined })
      })

      test('throw what a handler throws that is no generator', async () => {
        const { handlers, options } = reach(place)
        handlers.onFollow = () => {
          throw new RangeError('at once')
        }
        const error = await catchError(stub.follow(options).next())
        expect(Object.getPrototypeOf(error)).toBe(RangeError.prototype)
        expect(error).toMatchObject({ message: 'at once' })
      })
    })

    test('an error has the line that reads here, then the line that threw there', async () => {
      peers.remote.onCount = async function* countThere() {
        yield 1
        throw new TypeError('no such thing')
      }
      const error = await catchError(readFromHere(stub, there))
      expect(error).toBeInstanceOf(TypeError)
      const lines = (error.stack ?? '').split('\n')
      expect(lines[0]).toBe('TypeError: no such thing')
      expect(lines[1]).toMatch(/^ {4}at (?:async )?readFromHere \(.*describe-streams\.ts:\d+:\d+\)$/)
      const label = lines.indexOf(`    --- at ${there.group}@${there.host}:${there.port}, in streams.count ---`)
      expect(label).toBeGreaterThan(1)
      expect(lines[label + 1]).toMatch(/^ {4}at .*countThere.* \(.*describe-streams\.ts:\d+:\d+\)$/)
      expect(lines.slice(label).join('\n')).not.toContain('readFromHere')
      expect(error.stack).not.toMatch(/\/runtime\/(?:call|wire|transport|traceback)\//)
      expect(peers.logged).toMatchObject([['a handler failed', { tag: 'streams.count' }]])
    })

    test('an error has the line that waits, where many calls are made', async () => {
      await Promise.all(Array.from({ length: 50 }, () => collect(stub.count({ many: 1 }, { peer: there }))))
      peers.remote.onCount = () => {
        throw new TypeError('no such thing')
      }
      const others = Array.from({ length: 50 }, () => catchError(readFromHere(stub, there)))
      for (const error of await Promise.all(others)) {
        expect(error.stack).toMatch(
          /^TypeError: no such thing\n {4}at (?:async )?readFromHere \(.*describe-streams\.ts/,
        )
      }
    })

    test('the handler is never far ahead of who reads', async () => {
      const items = stub.count({ many: 20_000 }, { peer: there })
      for (let number = 0; number < 5; number++) await items.next()
      await sleep(50)
      expect(peers.remote.made).toBeLessThanOrEqual(5 + window)
      for (let number = 5; number < 100; number++) await items.next()
      await sleep(20)
      expect(peers.remote.made).toBeGreaterThanOrEqual(100)
      expect(peers.remote.made).toBeLessThanOrEqual(100 + window)
      await items.return()
      await expect.poll(() => peers.remote.told.at(-1)).toBe('count is closed')
    })

    test('many streams at once do not mix', async () => {
      const counts = Array.from({ length: 50 }, (_, index) => index * 3)
      const all = await Promise.all(counts.map((many) => collect(stub.count({ many }, { peer: there }))))
      expect(all.map((items) => items.length)).toEqual(counts)
      expect(all.every((items) => items.every((item, index) => item === index))).toBe(true)
    })

    test('what is open when the caller closes its peer ends with unavailable, there too', async () => {
      const items = stub.count({ many: ENDLESS }, { peer: there })
      await items.next()
      await peers.here.close()
      expect(await catchError(drain(items))).toMatchObject({ code: 'unavailable', maybeExecuted: true })
      await expect.poll(() => peers.remote.told.at(-1)).toBe('count is closed')
    })

    test('what is open when the callee closes its peer goes on to its end', async () => {
      const items = stub.count({ many: 200 }, { peer: there })
      await items.next()
      const closed = peers.other.close()
      expect(await collect(items)).toHaveLength(199)
      await closed
    })

    test('what is open when the callee closes its peer ends with unavailable', async () => {
      const items = stub.count({ many: ENDLESS }, { peer: there })
      await items.next()
      await peers.other.close({ drainMs: 0 })
      expect(await catchError(drain(items))).toMatchObject({ code: 'unavailable', maybeExecuted: true })
      expect(peers.remote.told.at(-1)).toBe('count is closed')
    })

    test('a peer that has closed is told of at the first next()', async () => {
      await peers.other.close()
      await expect.poll(() => peers.here.peers()).toEqual([])
      const error = await catchError(stub.count({ many: 1 }, { peer: there }).next())
      expect(error).toBeInstanceOf(NetgenError)
      expect(error).toMatchObject({ code: 'unavailable', maybeExecuted: false })
    })

    test('a connection that the other side does not have is told of at the first next()', async () => {
      const third = await harness.createPeer({ logger: silent })
      expect(await catchError(stub.count({ many: 1 }, { peer: third.id }).next())).toMatchObject({
        code: 'unimplemented',
        maybeExecuted: false,
      })
    })
  })
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

async function readFromHere(stub: StreamsStub, peer: RemotePeer): Promise<void> {
  for await (const _ of stub.count({ many: 2 }, { peer }));
}
