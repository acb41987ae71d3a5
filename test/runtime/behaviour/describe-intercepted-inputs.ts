import { createCallLogger } from 'netgen/interceptors'
import type { InterceptedCall, LogFields } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { catchError, type Harness, silent } from './harness.js'
import { mapInput, startPeers, startPeersWith } from './intercepted-peers.js'
import { collect } from './stream-peers.js'

/** What interceptors do around calls whose input is a stream, whatever carries them. */
export function describeInterceptedInputs(name: string, createHarness: () => Promise<Harness>): void {
  describe(`intercepted inputs over ${name}`, () => {
    let harness: Harness
    let seen: unknown[]

    beforeEach(async () => {
      harness = await createHarness()
      seen = []
    })
    afterEach(() => harness.close())

    test('items of an input pass both sides in order, here and there', async () => {
      const both = { caller: [mapInput(seen, (item) => item + 100)], callee: [mapInput(seen, (item) => item * 10)] }
      const { stub, there } = await startPeers(harness, { interceptors: both }, { interceptors: both })
      expect(await stub.sum([1, 2], { peer: there })).toBe(2_030)
      expect(await stub.sum([1, 2])).toBe(2_030)
      expect(await collect(stub.double([1, 2], { peer: there }))).toEqual([2_020, 2_040])
    })

    test.each<[side: 'caller' | 'callee', code: string, message: string]>([
      ['caller', 'invalid_argument', 'item 1 of the input of streams.sum is refused: it is "x", expected an integer'],
      [
        'callee',
        'internal',
        'item 1 of the input of streams.sum, as an interceptor left it, is refused: it is "x", expected an integer',
      ],
    ])('items of an input that an interceptor breaks are refused: %s', async (side, code, message) => {
      const { stub, there } = await startPeersWith(
        harness,
        side,
        mapInput(seen, (item) => (item === 2 ? 'x' : item)),
      )
      const error = await catchError(stub.sum([1, 2, 3], { peer: there }))
      expect(error).toMatchObject({ code, message })
    })

    test('an input that is no stream passes no interceptor', async () => {
      const { stub, there } = await startPeersWith(
        harness,
        'caller',
        mapInput(seen, (item) => item),
      )
      const error = await catchError(stub.sum(5 as never, { peer: there }))
      expect(error).toMatchObject({
        code: 'invalid_argument',
        message: 'input of streams.sum is 5, expected an async iterable or an iterable of its items',
      })
      expect(seen).toEqual([])
    })

    test('an input that an interceptor makes no stream is refused', async () => {
      const { stub, there } = await startPeersWith(harness, 'callee', (_, next) => next({ input: 5 }))
      const error = await catchError(stub.sum([1], { peer: there }))
      expect(error).toMatchObject({
        code: 'internal',
        message: 'input of streams.sum, as an interceptor left it, is refused: it is 5, expected an async iterable',
      })
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
      const items = stub.double([1, 2, 3], { peer: there })
      await items.next()
      expect(lines.filter(({ side }) => side === 'caller')).toEqual([])
      for await (const _ of items);
      await stub.sum([1, 2], { peer: there })
      await expect.poll(() => lines).toHaveLength(4)
      const counts = (side: InterceptedCall['side']) =>
        lines
          .filter((fields) => fields['side'] === side)
          .map(({ tag, code, inputItems, outputItems }) => [tag, code, inputItems, outputItems])
      const whole = [
        ['streams.double', 'ok', 3, 3],
        ['streams.sum', 'ok', 2, undefined],
      ]
      expect(counts('caller')).toEqual(whole)
      expect(counts('callee')).toEqual(whole)
    })
  })
}
