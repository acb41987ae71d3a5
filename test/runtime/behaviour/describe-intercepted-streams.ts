import { createCallLogger } from 'netgen/interceptors'
import {
  type Answer,
  type InterceptedCall,
  type Interceptor,
  type LogFields,
  NetgenError,
  type Peer,
  type PeerOptions,
  type RemotePeer,
} from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { catchError, type Harness, silent } from './harness.js'
import { StreamHandlers } from './stream-handlers.js'
import { collect } from './stream-peers.js'

/** What interceptors do around calls with streams, whatever carries them. */
export function describeInterceptedStreams(name: string, createHarness: () => Promise<Harness>): void {
  describe(`intercepted streams over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let there: RemotePeer
    let stub: StreamsStub
    let local: StreamHandlers
    let remote: StreamHandlers
    let seen: unknown[]

    beforeEach(async () => {
      harness = await createHarness()
      seen = []
    })
    afterEach(() => harness.close())

    async function start(mine: PeerOptions, theirs: PeerOptions = {}): Promise<void> {
      here = await harness.createPeer({ logger: silent, ...mine })
      const other = await harness.createPeer({ logger: silent, ...theirs })
      local = new StreamHandlers()
      remote = new StreamHandlers()
      stub = here.connect(streams, local)
      other.connect(streams, remote)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    }

    const startAt = (side: string, interceptor: Interceptor): Promise<void> => {
      const options = { interceptors: { [side]: [interceptor] } }
      return side === 'caller' ? start(options) : start({}, options)
    }

    /** An interceptor that does something with each item of the output, and says when they are over. */
    const mapOutput =
      (map: (item: number) => unknown): Interceptor =>
      async (call, next) => {
        async function* mapItems(items: AsyncIterable<unknown>): AsyncGenerator<unknown> {
          try {
            for await (const item of items) yield map(item as number)
          } finally {
            seen.push(`${call.side} is over`)
          }
        }
        return mapItems((await next()) as AsyncIterable<unknown>)
      }

    const mapInput =
      (map: (item: number) => unknown): Interceptor =>
      (call, next) => {
        async function* mapItems(items: AsyncIterable<unknown>): AsyncGenerator<unknown> {
          try {
            for await (const item of items) yield map(item as number)
          } finally {
            seen.push(`${call.side} has read`)
          }
        }
        return next({ input: mapItems(call.input as AsyncIterable<unknown>) })
      }

    test('items pass both sides in order, here and there', async () => {
      const both = { caller: [mapOutput((item) => item + 100)], callee: [mapOutput((item) => item * 10)] }
      await start({ interceptors: both }, { interceptors: both })
      expect(await collect(stub.count({ many: 3 }, { peer: there }))).toEqual([100, 110, 120])
      expect(await collect(stub.count({ many: 3 }))).toEqual([100, 110, 120])
      expect(seen).toEqual(['callee is over', 'caller is over', 'callee is over', 'caller is over'])
    })

    test('items of an input pass both sides in order, here and there', async () => {
      const both = { caller: [mapInput((item) => item + 100)], callee: [mapInput((item) => item * 10)] }
      await start({ interceptors: both }, { interceptors: both })
      expect(await stub.sum([1, 2], { peer: there })).toBe(2_030)
      expect(await stub.sum([1, 2])).toBe(2_030)
      expect(await collect(stub.double([1, 2], { peer: there }))).toEqual([2_020, 2_040])
    })

    test('nothing runs before the first item is asked for', async () => {
      const watch: Interceptor = (call, next) => {
        seen.push(call.side)
        return next()
      }
      await start({ interceptors: { caller: [watch] } }, { interceptors: { callee: [watch] } })
      const items = stub.count({ many: 3 }, { peer: there })
      expect(seen).toEqual([])
      await items.next()
      expect(seen).toEqual(['caller', 'callee'])
      await items.return?.()
    })

    test.each(['caller', 'callee'] as const)(
      'who leaves ends the generators between, and the handler: %s',
      async (side) => {
        await startAt(
          side,
          mapOutput((item) => item),
        )
        for await (const item of stub.count({ many: 1_000 }, { peer: there })) if (item === 2) break
        await expect.poll(() => [seen, remote.told]).toEqual([[`${side} is over`], ['count begins', 'count is closed']])
      },
    )

    test.each(['caller', 'callee'] as const)('an interceptor may end a stream early: %s', async (side) => {
      const take: Interceptor = async (_, next) => {
        async function* takeTwo(items: AsyncIterable<unknown>): AsyncGenerator<unknown> {
          let left = 2
          for await (const item of items) {
            yield item
            if (--left === 0) return
          }
        }
        return takeTwo((await next()) as AsyncIterable<unknown>)
      }
      await startAt(side, take)
      expect(await collect(stub.count({ many: 1_000 }, { peer: there }))).toEqual([0, 1])
      await expect.poll(() => remote.told).toEqual(['count begins', 'count is closed'])
    })

    test.each(['caller', 'callee'] as const)('an interceptor may refuse in the midst of a stream: %s', async (side) => {
      const guard = mapOutput((item) => {
        if (item === 2) throw new NetgenError('permission_denied', 'enough')
        return item
      })
      await startAt(side, guard)
      const got: number[] = []
      const error = await catchError(
        (async () => {
          for await (const item of stub.count({ many: 1_000 }, { peer: there })) got.push(item)
        })(),
      )
      expect(error).toMatchObject({ code: 'permission_denied', message: 'enough' })
      expect(got).toEqual([0, 1])
      await expect.poll(() => remote.told).toEqual(['count begins', 'count is closed'])
    })

    test.each<[side: 'caller' | 'callee', message: string]>([
      [
        'caller',
        'item 1 of the output of streams.count, as an interceptor left it, is refused: it is "x", expected an integer',
      ],
      ['callee', 'item 1 of the output of streams.count is refused: it is "x", expected an integer'],
    ])('items that an interceptor breaks are refused: %s', async (side, message) => {
      await startAt(
        side,
        mapOutput((item) => (item === 1 ? 'x' : item)),
      )
      const error = await catchError(collect(stub.count({ many: 3 }, { peer: there })))
      expect(error).toMatchObject({ code: 'internal', message })
    })

    test.each<[side: 'caller' | 'callee', code: string, message: string]>([
      ['caller', 'invalid_argument', 'item 1 of the input of streams.sum is refused: it is "x", expected an integer'],
      [
        'callee',
        'internal',
        'item 1 of the input of streams.sum, as an interceptor left it, is refused: it is "x", expected an integer',
      ],
    ])('items of an input that an interceptor breaks are refused: %s', async (side, code, message) => {
      await startAt(
        side,
        mapInput((item) => (item === 2 ? 'x' : item)),
      )
      const error = await catchError(stub.sum([1, 2, 3], { peer: there }))
      expect(error).toMatchObject({ code, message })
    })

    test.each(['caller', 'callee'] as const)('an output that is no stream is refused: %s', async (side) => {
      await startAt(side, async () => 5)
      const error = await catchError(collect(stub.count({ many: 3 }, { peer: there })))
      expect(error).toMatchObject({ code: 'internal' })
      expect(error.message).toMatch(/^output of streams\.count.* is refused: .*5, expected an async iterable/)
    })

    test('an input that is no stream passes no interceptor', async () => {
      await startAt(
        'caller',
        mapInput((item) => item),
      )
      const error = await catchError(stub.sum(5 as never, { peer: there }))
      expect(error).toMatchObject({
        code: 'invalid_argument',
        message: 'input of streams.sum is 5, expected an async iterable or an iterable of its items',
      })
      expect(seen).toEqual([])
    })

    test('an input that an interceptor makes no stream is refused', async () => {
      await startAt('callee', (_, next) => next({ input: 5 }))
      const error = await catchError(stub.sum([1], { peer: there }))
      expect(error).toMatchObject({
        code: 'internal',
        message: 'input of streams.sum, as an interceptor left it, is refused: it is 5, expected an async iterable',
      })
    })

    test("the caller's interceptors see errors of a stream as its reader does", async () => {
      const errors: unknown[] = []
      const watch: Interceptor = async (_, next) => {
        async function* watchItems(items: AsyncIterable<unknown>): AsyncGenerator<unknown> {
          try {
            yield* items
          } catch (error) {
            errors.push(error)
            throw error
          }
        }
        return watchItems((await next()) as AsyncIterable<unknown>)
      }
      await start({ interceptors: { caller: [watch] } })
      remote.onCount = async function* () {
        yield 0
        throw new TypeError('no such thing')
      }
      const error = await catchError(readAll(stub, there))
      expect(error).toBeInstanceOf(TypeError)
      expect(errors).toEqual([error])
      expect(error.stack).toMatch(/^ {4}at (?:async )?readAll \(.*describe-intercepted-streams\.ts:\d+:\d+\)$/m)
    })

    test('a logger writes a line when a stream has ended, with its items', async () => {
      const lines: LogFields[] = []
      const logger = { ...silent, info: (_: string, fields: LogFields) => lines.push(fields) }
      const log = createCallLogger()
      await start({ logger, interceptors: { caller: [log] } }, { logger, interceptors: { callee: [log] } })
      const items = stub.double([1, 2, 3], { peer: there })
      await items.next()
      expect(lines.filter(({ side }) => side === 'caller')).toEqual([])
      for await (const _ of items);
      await stub.sum([1, 2], { peer: there })
      for await (const item of stub.count({ many: 1_000 }, { peer: there })) if (item === 1) break
      await expect.poll(() => lines).toHaveLength(6)
      const counts = (side: InterceptedCall['side']) =>
        lines
          .filter((fields) => fields['side'] === side)
          .map(({ tag, code, inputItems, outputItems }) => [tag, code, inputItems, outputItems])
      const whole = [
        ['streams.double', 'ok', 3, 3],
        ['streams.sum', 'ok', 2, undefined],
      ]
      expect(counts('caller')).toEqual([...whole, ['streams.count', 'ok', undefined, 2]])
      expect(counts('callee')).toEqual([...whole, ['streams.count', 'ok', undefined, expect.any(Number)]])
    })
  })
}

async function readAll(stub: StreamsStub, peer: RemotePeer): Promise<Answer> {
  const all: number[] = []
  for await (const item of stub.count({ many: 3 }, { peer })) all.push(item)
  return all
}
