import type { Peer, RemotePeer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { type StreamsHandlers, type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { changeOne } from './change-one.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'

const holdItself = (): unknown => {
  const value: { self?: unknown } = {}
  value.self = value
  return { list: [value] }
}

const nest = (levels: number): unknown => {
  let value: unknown = 0
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

/** What a handler answers that JSON would lose or change, and what its caller is told. */
const RESULTS: readonly [name: string, create: () => unknown, problem: string][] = [
  ['NaN', () => ({ list: [1, Number.NaN] }), 'at /list/1 NaN is no JSON number'],
  ['a bigint', () => ({ big: 10n }), 'at /big 10n cannot travel as JSON'],
  ['a function', () => ({ 'a/b': { call: () => 1 } }), 'at /a~1b/call a function cannot travel as JSON'],
  ['a symbol', () => [Symbol('x')], 'at /0 a symbol cannot travel as JSON'],
  ['undefined in an array', () => [1, undefined], 'at /1 undefined in an array would become null'],
  ['a hole in an array', () => Array(2), 'at /0 undefined in an array would become null'],
  [
    'an instance of a class',
    () => ({ when: new Date(0) }),
    'at /when an instance of Date cannot travel as JSON: send its plain data',
  ],
  [
    'a toJSON that throws',
    () => ({
      toJSON: () => {
        throw new Error('never')
      },
    }),
    'a value with its own toJSON cannot travel as it is: send its plain data',
  ],
  ['a key that reaches a prototype', () => JSON.parse('{"__proto__":1}'), 'the key "__proto__" is not allowed'],
]

const DEEP: readonly [name: string, create: () => unknown][] = [
  ['a value that holds itself', holdItself],
  ['5,000 levels', () => nest(5_000)],
]

/** That nothing of a result is lost on its way in silence, whatever carries it. */
export function describeResults(name: string, createHarness: () => Promise<Harness>): void {
  describe(`results that JSON does not hold over ${name}`, () => {
    let harness: Harness
    let stub: SchemaStub
    let stream: StreamsStub
    let there: RemotePeer
    let create: () => unknown

    beforeAll(async () => {
      harness = await createHarness()
      const here: Peer = await harness.createPeer({ logger: silent })
      const other = await harness.createPeer({ logger: silent })
      const handlers = Object.assign(new Handlers(), { echo: () => create() })
      const items = changeOne(streams, 'count', { checks: { output: () => true } })
      other.connect(schema, handlers)
      other.connect(items, {
        async *count() {
          yield 1
          yield create() as number
        },
      } as Partial<StreamsHandlers> as StreamsHandlers)
      stub = here.connect(schema)
      stream = here.connect(items)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    })
    afterAll(() => harness.close())

    const call = (): Promise<Error & Record<string, unknown>> => catchError(stub.echo(0, { peer: there }))
    const readSecond = async (): Promise<Error & Record<string, unknown>> => {
      const items = stream.count({ many: 0 }, { peer: there })
      expect(await items.next()).toEqual({ done: false, value: 1 })
      return catchError(items.next())
    }
    const wrong = { name: 'NetgenError', code: 'internal', maybeExecuted: true }

    test.each(RESULTS)('%s is refused by the callee, which names the tag and the place', async (_, make, problem) => {
      create = make
      expect(await call()).toMatchObject({ ...wrong, message: `output of schema.echo is refused: ${problem}` })
      const message = `item 1 of the output of streams.count is refused: ${problem}`
      expect(await readSecond()).toMatchObject({ ...wrong, message })
    })

    test.each(DEEP)('%s is refused in time', async (_, make) => {
      create = make
      const problem = /is refused: at (?:\/\w+)+ it is deeper than 64 levels, or holds itself$/
      expect(await call()).toMatchObject({ ...wrong, message: expect.stringMatching(problem) })
      expect(await readSecond()).toMatchObject({ ...wrong, message: expect.stringMatching(problem) })
    })

    test('a getter that throws is an error, and the peer answers on', async () => {
      create = () => ({
        get broken(): never {
          throw new RangeError('a getter')
        },
      })
      expect(await call()).toMatchObject({ name: 'RangeError', message: 'a getter' })
      expect(await readSecond()).toMatchObject({ name: 'RangeError', message: 'a getter' })
      create = () => 'fine'
      expect(await stub.echo(0, { peer: there })).toBe('fine')
    })
  })
}
