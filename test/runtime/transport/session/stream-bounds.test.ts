import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import type { WireAnswer } from '../../../../runtime/wire/exchange.js'
import type { ItemReader, ItemSource, Pulled } from '../../../../runtime/wire/streams.js'
import { linkSessions } from './linked-sessions.js'

const WINDOW_ITEMS = 32
const WINDOW_BYTES = 256 * 1024

/** Makes items of some length, up to a number, and then an ending; counts what was asked for and not read yet. */
class CountingSource<Ending> implements ItemSource<string, Ending> {
  made = 0
  bytes = 0
  isCanceled = false
  hasEnded = false
  readonly #many: number
  readonly #length: number
  readonly #ending: () => Pulled<string, Ending> | Promise<never>

  constructor(many: number, length: number, ending: () => Pulled<string, Ending> | Promise<never>) {
    this.#many = many
    this.#length = length
    this.#ending = ending
  }

  pull(): Pulled<string, Ending> | Promise<Pulled<string, Ending>> {
    if (this.made === this.#many) {
      this.hasEnded = true
      return this.#ending()
    }
    this.made++
    this.bytes += this.#length + 2
    return { done: false, value: JSON.stringify('x'.repeat(this.#length)) }
  }

  cancel(): void {
    this.isCanceled = true
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Reads so many items, or to the end; answers how many there were. */
async function read(reader: ItemReader<unknown, unknown>, many: number, onRead: () => void): Promise<boolean> {
  for (let count = 0; count < many; count++) {
    const pulled = await reader.pull()
    if (pulled.done) return true
    onRead()
  }
  return false
}

test('whatever both sides do, little waits to be read, and nothing of a stream is left', async () => {
  const plan = fc.record({
    outputs: fc.nat({ max: 200 }),
    inputs: fc.nat({ max: 200 }),
    length: fc.constantFrom(1, 100, 20_000, 100_000),
    /** How many items each side reads between two pauses. */
    calleeReads: fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
    callerReads: fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
    calleeEnds: fc.constantFrom('well', 'with an error'),
    inputEnds: fc.constantFrom('well', 'with an error'),
    callerLeaves: fc.boolean(),
    calleeLeavesInput: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(plan, async (steps) => {
      const deadlines = new Deadlines()
      const scope = new CallScope(deadlines, 'notes.double', 60_000)
      let readHere = 0
      let readThere = 0
      const answer: WireAnswer =
        steps.calleeEnds === 'well'
          ? { ok: true, body: 'null' }
          : {
              ok: false,
              error: {
                kind: 'other',
                name: 'Error',
                message: '',
                code: 'unknown',
                maybeExecuted: true,
                errorId: '',
                hops: [],
              },
            }
      const output = new CountingSource<WireAnswer>(steps.outputs, steps.length, () => ({ done: true, value: answer }))
      const input = new CountingSource<undefined>(steps.inputs, steps.length, () => {
        if (steps.inputEnds === 'well') return { done: true, value: undefined }
        scope.stop({ code: 'canceled', message: 'the input failed' })
        return Promise.reject(new Error('mine'))
      })
      const checkBounds = (): void => {
        const item = steps.length + 2
        for (const [made, seen] of [
          [output.made, readHere],
          [input.made, readThere],
        ] as const) {
          expect(made - seen).toBeLessThanOrEqual(WINDOW_ITEMS)
          expect((made - seen) * item).toBeLessThanOrEqual(WINDOW_BYTES + item)
        }
      }
      const { caller, callee } = linkSessions({
        tags: [],
        schemas: [],
        isFull: false,
        serves: () => true,
        sides: () => 'both',
        serve: () => expect.fail('no call without a stream is made'),
        serveStream: ({ items }) => {
          void (async () => {
            for (const many of steps.calleeReads) {
              if (items === undefined || (await read(items, many, () => readThere++))) return
              await tick()
            }
            if (steps.calleeLeavesInput) items?.cancel()
          })()
          return output
        },
      })
      const call = { tag: 'notes.double', body: 'null', timeLeftMs: 60_000, caller: { id: 'caller', group: 'notes' } }
      const reader = caller.stream({ ...call, sides: 'both', items: input }, scope)
      const reading = (async () => {
        for (const many of steps.callerReads) {
          if (await read(reader, many, () => readHere++)) return
          checkBounds()
          await tick()
        }
        if (!steps.callerLeaves) await read(reader, Number.POSITIVE_INFINITY, () => readHere++)
      })().catch((error: { code: string }) => expect(error.code).toBe('canceled'))
      await reading
      checkBounds()
      scope.stop({ code: 'canceled', message: 'left' })
      for (let turn = 0; turn < 10; turn++) await tick()
      expect(input.isCanceled || input.hasEnded).toBe(true)
      expect(output.isCanceled || output.hasEnded).toBe(true)
      // A session that leaves is closed in order as soon as nothing of it is open.
      caller.leave('the test is over')
      await expect.poll(() => [caller.isClosed, callee.isClosed], { interval: 1 }).toEqual([true, true])
      deadlines.close()
    }),
    { numRuns: 60 },
  )
})
