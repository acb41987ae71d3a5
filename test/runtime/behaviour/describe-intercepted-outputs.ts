import { createCallLogger } from 'netgen/interceptors'
import {
  type Answer,
  type InterceptedCall,
  type Interceptor,
  type LogFields,
  NetgenError,
  type RemotePeer,
} from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StreamsStub } from '../../../fixtures/behaviour/generated/streams.js'
import { catchError, type Harness, silent } from './harness.js'
import { mapOutput, startPeers, startPeersWith } from './intercepted-peers.js'
import { collect } from './stream-peers.js'

/** More items than any buffer on the way holds. */
const ENDLESS = Number.MAX_SAFE_INTEGER

/** What interceptors do around calls whose output is a stream, whatever carries them. */
export function describeInterceptedOutputs(name: string, createHarness: () => Promise<Harness>): void {
  describe(`intercepted outputs over ${name}`, () => {
    let harness: Harness
    let seen: unknown[]

    beforeEach(async () => {
      harness = await createHarness()
      seen = []
    })
    afterEach(() => harness.close())

    test('items pass both sides in order, here and there', async () => {
      const both = { caller: [mapOutput(seen, (item) => item + 100)], callee: [mapOutput(seen, (item) => item * 10)] }
      const { stub, there } = await startPeers(harness, { interceptors: both }, { interceptors: both })
      expect(await collect(stub.count({ many: 3 }, { peer: there }))).toEqual([100, 110, 120])
      expect(await collect(stub.count({ many: 3 }))).toEqual([100, 110, 120])
      expect(seen).toEqual(['callee is over', 'caller is over', 'callee is over', 'caller is over'])
    })

    test('nothing runs before the first item is asked for', async () => {
      const watch: Interceptor = (call, next) => {
        seen.push(call.side)
        return next()
      }
      const { stub, there } = await startPeers(
        harness,
        { interceptors: { caller: [watch] } },
        { interceptors: { callee: [watch] } },
      )
      const items = stub.count({ many: 3 }, { peer: there })
      expect(seen).toEqual([])
      await items.next()
      expect(seen).toEqual(['caller', 'callee'])
      await items.return?.()
    })

    test.each(['caller', 'callee'] as const)(
      'who leaves ends the generators between, and the handler: %s',
      async (side) => {
        const { stub, there, remote } = await startPeersWith(
          harness,
          side,
          mapOutput(seen, (item) => item),
        )
        for await (const item of stub.count({ many: ENDLESS }, { peer: there })) if (item === 2) break
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
      const { stub, there, remote } = await startPeersWith(harness, side, take)
      expect(await collect(stub.count({ many: ENDLESS }, { peer: there }))).toEqual([0, 1])
      await expect.poll(() => remote.told).toEqual(['count begins', 'count is closed'])
    })

    test.each(['caller', 'callee'] as const)('an interceptor may refuse in the midst of a stream: %s', async (side) => {
      const guard = mapOutput(seen, (item) => {
        if (item === 2) throw new NetgenError('permission_denied', 'enough')
        return item
      })
      const { stub, there, remote } = await startPeersWith(harness, side, guard)
      const got: number[] = []
      const error = await catchError(
        (async () => {
          for await (const item of stub.count({ many: ENDLESS }, { peer: there })) got.push(item)
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
      const { stub, there } = await startPeersWith(
        harness,
        side,
        mapOutput(seen, (item) => (item === 1 ? 'x' : item)),
      )
      const error = await catchError(collect(stub.count({ many: 3 }, { peer: there })))
      expect(error).toMatchObject({ code: 'internal', message })
    })

    test.each(['caller', 'callee'] as const)('an output that is no stream is refused: %s', async (side) => {
      const { stub, there } = await startPeersWith(harness, side, async () => 5)
      const error = await catchError(collect(stub.count({ many: 3 }, { peer: there })))
      expect(error).toMatchObject({ code: 'internal' })
      expect(error.message).toMatch(/^output of streams\.count.* is refused: .*5, expected an async iterable/)
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
      const { stub, there, remote } = await startPeers(harness, { interceptors: { caller: [watch] } })
      remote.onCount = async function* () {
        yield 0
        throw new TypeError('no such thing')
      }
      const error = await catchError(readAll(stub, there))
      expect(error).toBeInstanceOf(TypeError)
      expect(errors).toEqual([error])
      expect(error.stack).toMatch(/^ {4}at (?:async )?readAll \(.*describe-intercepted-outputs\.ts:\d+:\d+\)$/m)
    })

    test('a logger writes a line when a stream has ended, with its items', async () => {
      const lines: LogFields[] = []
      const logger = { ...silent, info: (_: string, fields: LogFields) => lines.push(fields) }
      const log = createCallLogger()
      const { stub, there } = await startPeers(
        harness,
        { logger, interceptors: { caller: [log] } },
        { logger, interceptors: { callee: [log] } },
      )
      const items = stub.count({ many: 3 }, { peer: there })
      await items.next()
      expect(lines.filter(({ side }) => side === 'caller')).toEqual([])
      for await (const _ of items);
      for await (const item of stub.count({ many: ENDLESS }, { peer: there })) if (item === 1) break
      await expect.poll(() => lines).toHaveLength(4)
      const counts = (side: InterceptedCall['side']) =>
        lines.filter((fields) => fields['side'] === side).map(({ code, outputItems }) => [code, outputItems])
      expect(counts('caller')).toEqual([
        ['ok', 3],
        ['ok', 2],
      ])
      expect(counts('callee')).toEqual([
        ['ok', 3],
        ['ok', expect.any(Number)],
      ])
    })
  })
}

async function readAll(stub: StreamsStub, peer: RemotePeer): Promise<Answer> {
  const all: number[] = []
  for await (const item of stub.count({ many: 3 }, { peer })) all.push(item)
  return all
}
