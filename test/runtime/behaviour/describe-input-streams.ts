import { setTimeout as sleep } from 'node:timers/promises'
import { type ItemStream, NetgenError, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DiskFullError, type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { catchError, type Harness, silent } from './harness.js'
import { waitForAbort } from './stream-handlers.js'
import { collect, createStreamPeers, type StreamPeers } from './stream-peers.js'

/** The most items that are made before anybody reads them: the window, and the one that a generator is at. */
const WINDOW = 32 + 1

/** What streams of inputs do, alone and beside a stream of outputs, whatever carries them. */
export function describeInputStreams(name: string, createHarness: () => Promise<Harness>): void {
  describe(`input streams over ${name}`, () => {
    let harness: Harness
    let peers: StreamPeers
    let stub: StreamsStub
    let there: RemotePeer
    /** What happened to the input of the test. */
    let told: string[]
    let made: number

    beforeEach(async () => {
      harness = await createHarness()
      peers = await createStreamPeers(harness)
      stub = peers.stub
      there = peers.there
      told = []
      made = 0
    })
    afterEach(() => harness.close())

    const reach = (place: 'here' | 'there') =>
      place === 'here' ? { handlers: peers.local, options: {} } : { handlers: peers.remote, options: { peer: there } }

    async function* countHere(many: number, last?: () => unknown): AsyncGenerator<number> {
      try {
        for (let number = 0; number < many; number++) {
          made++
          yield number
        }
        await last?.()
        told.push('done')
      } finally {
        told.push('closed')
      }
    }

    describe.each(['here', 'there'] as const)('that are read %s', (place) => {
      test.each([0, 1, 33, 1_000])('all of %d items arrive, then the end', async (many) => {
        const { options } = reach(place)
        expect(await stub.sum(countHere(many), options)).toBe(Math.max(0, many * (many - 1)) / 2)
        expect(told).toEqual(['done', 'closed'])
      })

      test.each<[string, () => Iterable<number>]>([
        ['a list', () => [1, 2, 3]],
        ['a set', () => new Set([1, 2, 3])],
        [
          'a generator',
          function* () {
            yield 1
            yield 2
            yield 3
          },
        ],
      ])('the input may be %s', async (_, create) => {
        const { options } = reach(place)
        expect(await stub.sum(create(), options)).toBe(6)
        expect(await collect(stub.double(create(), options))).toEqual([2, 4, 6])
      })

      test('items are converted at both ends, and an output that is none is undefined', async () => {
        const { handlers, options } = reach(place)
        const at = new Date('2001-02-03T04:05:06Z')
        expect(await stub.record([{ name: 'one', at }], options)).toBeUndefined()
        expect(handlers.told).toEqual(['one in 2001'])
      })

      test.each([
        ['a number', 5, '5'],
        ['a text', 'abc', '"abc"'],
        ['nothing', undefined, 'undefined'],
        ['an object', {}, '{}'],
      ])('an input that is %s is refused before anything runs', async (_, input, printed) => {
        const { handlers, options } = reach(place)
        const expected = {
          code: 'invalid_argument',
          maybeExecuted: false,
          message: `input of streams.sum is ${printed}, expected an async iterable or an iterable of its items`,
        }
        expect(await catchError(stub.sum(input as never, options))).toMatchObject(expected)
        expect(handlers.contexts).toEqual([])
      })

      test('each answer comes as soon as its item is read', async () => {
        const { options } = reach(place)
        const waiting: ((number: number) => void)[] = []
        const typed = async function* (): AsyncGenerator<number> {
          for (;;) yield await new Promise<number>((resolve) => waiting.push(resolve))
        }
        const answers = stub.double(typed(), options)
        for (const number of [1, 5, 7]) {
          const answer = answers.next()
          await expect.poll(() => waiting.length).toBe(1)
          waiting.pop()?.(number)
          expect(await answer).toEqual({ done: false, value: number * 2 })
        }
        await answers.return()
      })

      test('an input is not asked for anything before the handler reads', async () => {
        const { handlers, options } = reach(place)
        let begin: () => void = () => expect.fail('the handler has not run')
        handlers.onSum = async (input) => {
          await new Promise<void>((resolve) => {
            begin = resolve
          })
          let last = 0
          for await (const number of input) last = number
          return last
        }
        const sum = stub.sum(countHere(3), options)
        await expect.poll(() => handlers.contexts.length).toBe(1)
        await sleep(20)
        expect(made).toBe(0)
        begin()
        expect(await sum).toBe(2)
      })

      test('a handler that stops reading closes the input, and goes on', async () => {
        const { handlers, options } = reach(place)
        let answer: (sum: number) => void = () => expect.fail('the handler has not run')
        handlers.onSum = async (input) => {
          for await (const number of input) if (number === 2) break
          return new Promise<number>((resolve) => {
            answer = resolve
          })
        }
        const sum = stub.sum(countHere(10_000), options)
        await expect.poll(() => told).toEqual(['closed'])
        expect(made).toBeLessThanOrEqual(3 + WINDOW)
        answer(42)
        expect(await sum).toBe(42)
      })

      test('a handler that answers early closes the input', async () => {
        const { handlers, options } = reach(place)
        handlers.onSum = async (input) => {
          const { value } = await input[Symbol.asyncIterator]().next()
          return value + 7
        }
        expect(await stub.sum(countHere(10_000), options)).toBe(7)
        await expect.poll(() => told).toEqual(['closed'])
        expect(made).toBeLessThanOrEqual(1 + WINDOW)
      })

      test('a handler that reads slowly holds the input back', async () => {
        const { handlers, options } = reach(place)
        const waiting: (() => void)[] = []
        handlers.onSum = async (input) => {
          let sum = 0
          for await (const number of input) {
            sum = number
            if (number < 5) continue
            await new Promise<void>((resolve) => waiting.push(resolve))
            break
          }
          return sum
        }
        const sum = stub.sum(countHere(20_000), options)
        await expect.poll(() => waiting.length).toBe(1)
        await sleep(50)
        expect(made).toBeLessThanOrEqual(6 + WINDOW)
        waiting[0]?.()
        expect(await sum).toBe(5)
      })

      test('a handler that throws closes the input, and its error arrives', async () => {
        const { handlers, options } = reach(place)
        handlers.onSum = async (input) => {
          for await (const number of input) if (number === 2) throw new DiskFullError({ freeBytes: 7 })
          return 0
        }
        const error = await catchError(stub.sum(countHere(10_000), options))
        expect(error).toBeInstanceOf(DiskFullError)
        expect(error).toMatchObject({ data: { freeBytes: 7 } })
        await expect.poll(() => told).toEqual(['closed'])
      })

      test('an input that throws: the caller gets its own error, the handler one that says canceled', async () => {
        const { handlers, options } = reach(place)
        const seen: unknown[] = []
        handlers.onSum = async (input) => {
          try {
            for await (const _ of input);
          } catch (error) {
            seen.push(error)
            throw error
          }
          return 0
        }
        const mine = new RangeError('my own')
        const fail = (): never => {
          throw mine
        }
        expect(await catchError(stub.sum(countHere(3, fail), options))).toBe(mine)
        expect(await catchError(collect(stub.double(countHere(3, fail), options)))).toBe(mine)
        expect(told).toEqual(['closed', 'closed'])
        await expect.poll(() => seen).toHaveLength(1)
        expect(seen[0]).toBeInstanceOf(NetgenError)
        expect(seen[0]).toMatchObject({ code: 'canceled' })
        expect(handlers.contexts[0]?.signal.reason).toMatchObject({ code: 'canceled' })
        expect(peers.logged).toEqual([])
      })

      test('an item that breaks the schema is refused with its index, and the input is closed', async () => {
        const { handlers, options } = reach(place)
        const wrong = async function* (): AsyncGenerator<number> {
          try {
            yield 1
            yield 2
            yield 2.5
          } finally {
            told.push('closed')
          }
        }
        expect(await catchError(stub.sum(wrong(), options))).toMatchObject({
          code: 'invalid_argument',
          maybeExecuted: true,
          message: 'item 2 of the input of streams.sum is refused: it is 2.5, expected an integer',
        })
        expect(told).toEqual(['closed'])
        await expect.poll(() => handlers.contexts[0]?.signal.aborted).toBe(true)
      })

      test.each([
        ['a signal', 'canceled'],
        ['a deadline', 'deadline_exceeded'],
      ])('%s ends the handler and closes the input', async (how, code) => {
        const { handlers, options } = reach(place)
        const controller = new AbortController()
        const seen: unknown[] = []
        handlers.onSum = async (input) => {
          try {
            for await (const _ of input);
          } catch (error) {
            seen.push(error)
            throw error
          }
          return 0
        }
        // Long enough that the handler runs before it ends, on a busy machine too.
        const limit = how === 'a signal' ? { signal: controller.signal } : { timeoutMs: 500 }
        const over = new AbortController()
        const sum = catchError(
          stub.sum(
            countHere(5, () => waitForAbort(over.signal)),
            { ...options, ...limit },
          ),
        )
        await expect.poll(() => made).toBe(5)
        controller.abort()
        expect(await sum).toMatchObject({ code, maybeExecuted: true })
        // A generator that waits can be closed only once it goes on.
        over.abort()
        await expect.poll(() => seen).toHaveLength(1)
        expect(seen[0]).toBe(handlers.contexts[0]?.signal.reason)
        await expect.poll(() => told).toEqual(['closed'])
      })

      test('leaving the outputs closes the input', async () => {
        const { handlers, options } = reach(place)
        for await (const _ of stub.double(countHere(10_000), options)) break
        await expect.poll(() => told).toEqual(['closed'])
        await expect.poll(() => handlers.contexts[0]?.signal.aborted).toBe(true)
      })

      test('the limit of the peer holds from the end of the input on', async () => {
        const peer = await harness.createPeer({ logger: silent, timeoutMs: 200 })
        const { handlers } = reach(place)
        const calls = peer.connect(streams, handlers)
        const slow = async function* (): AsyncGenerator<number> {
          yield 1
          await sleep(400)
          yield 2
        }
        const options = place === 'here' ? {} : { peer: there }
        expect(await calls.sum(slow(), options)).toBe(3)
        expect(await collect(calls.double(slow(), options))).toEqual([2, 4])
        handlers.onSum = async (input, { signal }) => {
          for await (const _ of input);
          return waitForAbort(signal)
        }
        expect(await catchError(calls.sum([1], options))).toMatchObject({
          code: 'deadline_exceeded',
          message:
            'streams.sum gave nothing for 200 ms: name a timeoutMs for the whole stream where it may take longer',
        })
      })

      test('a handler may leave its input, and read no more', async () => {
        const { handlers, options } = reach(place)
        handlers.onSum = async (input) => {
          const items = input as ItemStream<number>
          await items.next()
          await items.return()
          expect(await items.next()).toEqual({ done: true, value: undefined })
          return 1
        }
        expect(await stub.sum(countHere(10_000), options)).toBe(1)
        await expect.poll(() => told).toEqual(['closed'])
      })
    })

    test('nothing is read of an input whose call cannot begin', async () => {
      await peers.other.close()
      await expect.poll(() => peers.here.peers()).toEqual([])
      expect(await catchError(stub.sum(countHere(3), { peer: there }))).toMatchObject({
        code: 'unavailable',
        maybeExecuted: false,
      })
      expect(made).toBe(0)
    })

    test('many items go both ways at once, each at its own pace', async () => {
      const numbers = Array.from({ length: 5_000 }, (_, index) => index)
      expect(await collect(stub.echo(numbers, { peer: there }))).toEqual(numbers)
    })

    test('a stream of one peer goes on to another', async () => {
      const third = await harness.createPeer({ logger: silent })
      third.connect(streams, peers.local)
      const doubled = stub.double(stub.count({ many: 100 }, { peer: there }), { peer: third.id })
      for await (const number of doubled) if (number === 20) break
      await expect.poll(() => peers.remote.told.at(-1)).toBe('count is closed')
    })

    test('what is open when a peer closes ends at both sides', async () => {
      const answers = stub.double(countHere(10_000), { peer: there })
      await answers.next()
      await peers.other.close({ drainMs: 0 })
      expect(await catchError(collect(answers))).toMatchObject({ code: 'unavailable', maybeExecuted: true })
      await expect.poll(() => told).toEqual(['closed'])
    })
  })
}
