import fc from 'fast-check'
import type { Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Entry,
  type Everything,
  type Nested,
  type SchemaHandlers,
  type SchemaStub,
  schema,
  TakenError,
  type Tree,
} from '../../../fixtures/schemas/codecs/expected/schema.js'
import { Money } from '../../../fixtures/schemas/codecs/schema.js'
import { catchError, type Harness, silent } from './harness.js'

const AT = new Date('2026-11-22T21:00:00.123Z')
const LONG_AGO = new Date('0000-01-01T00:00:00Z')

const EVERYTHING: Everything = {
  date: AT,
  bigint: -(2n ** 70n),
  bytes: new Uint8Array([0, 255, 16]),
  url: new URL('https://example.org/ä?b=1#c'),
  map: new Map([
    ['later', AT],
    ['earlier', LONG_AGO],
  ]),
  set: new Set([3n, 1n, 2n]),
  price: new Money(1999),
  plain: '2026-11-22T21:00:00.123Z',
}
const NESTED: Nested = {
  optional: AT,
  nullable: null,
  list: [[new Uint8Array([1])], [], [new Uint8Array(), new Uint8Array([2, 3])]],
  tuple: ['a', AT, 5n],
  rest: [AT, 1n, 2n],
  record: { home: new URL('https://example.org/') },
  both: { a: AT, b: 0n },
  maps: new Map([[1n, new Map([[AT, new Set<string | { n: bigint }>(['x', { n: 1n }])]])]]),
}
const ENTRIES: (Entry | Date | null)[] = [
  { kind: 'meeting', at: AT, lasts: 30 },
  { kind: 'payment', price: new Money(-5) },
  { kind: 'note', text: 'n' },
  AT,
  null,
]
const TREE: Tree = {
  made: AT,
  trees: [
    { made: LONG_AGO, trees: [{ made: AT, trees: [] }] },
    { made: AT, trees: [] },
  ],
}

/** Answers what it is given, and keeps it. */
class Echo implements SchemaHandlers {
  readonly taken: unknown[] = []
  echoEverything = (input: Everything): Everything => this.#take(input)
  echoNested = (input: Nested): Nested => this.#take(input)
  echoEntries = (input: (Entry | Date | null)[]): (Entry | Date | null)[] => this.#take(input)
  echoTree = (input: Tree): Tree => this.#take(input)
  echoInline: SchemaHandlers['echoInline'] = (input) => new Set(this.#take(input).words)
  ping = (input: string): string => this.#take(input)
  reserve(until: Date): void {
    throw new TakenError({ until, by: new Map([['me', new Money(1)]]) })
  }

  #take<Value>(value: Value): Value {
    this.taken.push(value)
    return value
  }
}

/** What codecs do, whatever carries a call, and where nothing carries it. */
export function describeCodecs(name: string, createHarness: () => Promise<Harness>): void {
  describe(`codecs over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let notes: SchemaStub
    let peer: string
    let remote: Echo
    let local: Echo

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
      const there = await harness.createPeer({ logger: silent })
      local = new Echo()
      remote = new Echo()
      notes = here.connect(schema, local)
      there.connect(schema, remote)
      peer = there.id
      await expect.poll(() => here.peers({ refresh: true })).toHaveLength(1)
    })
    afterEach(() => harness.close())

    async function callEverywhere<Input, Output>(
      call: (input: Input, options?: { peer: string }) => Promise<Output>,
      input: Input,
    ): Promise<Output[]> {
      return [await call(input, { peer }), await call(input), await call(input, { peer: here.id })]
    }

    test('a value comes back as it was sent, and its handler has it so too', async () => {
      for (const [call, value] of [
        [notes.echoEverything, EVERYTHING],
        [notes.echoNested, NESTED],
        [notes.echoEntries, ENTRIES],
        [notes.echoTree, TREE],
      ] as [(input: unknown) => Promise<unknown>, unknown][]) {
        for (const answer of await callEverywhere(call, value)) expect(answer).toEqual(value)
        expect([remote.taken.pop(), local.taken.pop()]).toEqual([value, value])
      }
    })

    test('bytes arrive as a plain Uint8Array, and a class of the schema as that class', async () => {
      const { bytes, price } = await notes.echoEverything(EVERYTHING, { peer })
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
      expect(price).toBeInstanceOf(Money)
    })

    test('codecs that stand in no export of their own convert too', async () => {
      const input = { words: ['a', 'b'], spans: new Map([['x', [AT, LONG_AGO] as const]]), level: 'low' as const }
      for (const answer of await callEverywhere(notes.echoInline, input)) expect(answer).toEqual(new Set(['a', 'b']))
      expect([remote.taken[0], local.taken[0]]).toEqual([input, input])
    })

    test('the data of an error is converted', async () => {
      for (const options of [{ peer }, {}, { peer: here.id }]) {
        const error = await catchError(notes.reserve(AT, options))
        expect(error).toBeInstanceOf(TakenError)
        expect(error['data']).toEqual({ until: AT, by: new Map([['me', new Money(1)]]) })
      }
    })

    test.each<[string, Partial<Record<keyof Everything, unknown>>, string]>([
      ['no date', { date: '2026-11-22T21:00:00Z' }, '/date is "2026-11-22T21:00:00Z", expected a Date'],
      ['an invalid date', { date: new Date(Number.NaN) }, '/date is an invalid Date'],
      [
        'a year too late',
        { date: new Date(8.64e15) },
        '/date is "+275760-09-13T00:00:00.000Z", expected a year from 0000 to 9999',
      ],
      ['a number for a bigint', { bigint: 1 }, '/bigint is 1, expected a bigint'],
      [
        'more digits than are read',
        { bigint: 10n ** 10_000n },
        `/bigint is "${'1'.padEnd(78, '0')}…, expected at most 10000 characters`,
      ],
      ['a plain object for a map', { map: { a: AT } }, '/map is {"a":"2026-11-22T21:00:00.123Z"}, expected a Map'],
      ['a wrong value in a map', { map: new Map([['a', 1]]) }, '/map/0/1 is 1, expected a Date'],
      ['a wrong item in a set', { set: new Set([1n, 2]) }, '/set/1 is 2, expected a bigint'],
      ['half a cent', { price: new Money(0.5) }, '/price is 0.5, expected an integer'],
      [
        'more than 2^53 cents',
        { price: new Money(2 ** 53) },
        '/price is 9007199254740992, expected at most 9007199254740991',
      ],
      ['what its codec throws for', { price: null }, '/price is null, which its codec cannot encode'],
    ])('what would not come back is refused with its place, and no handler runs: %s', async (_, wrong, problem) => {
      const input = { ...EVERYTHING, ...wrong } as Everything
      for (const options of [{ peer }, {}, { peer: here.id }]) {
        const error = await catchError(notes.echoEverything(input, options))
        expect(error).toMatchObject({ code: 'invalid_argument', maybeExecuted: false })
        expect(error.message).toBe(`input of schema.echoEverything is refused: ${problem}`)
      }
      expect([remote.taken, local.taken]).toEqual([[], []])
    })

    test('a local call of a strict peer takes the way of a remote one: it shares nothing', async () => {
      const strict = await harness.createPeer({ logger: silent, strictLocal: true })
      const answer = await strict.connect(schema, new Echo()).echoEverything(EVERYTHING)
      expect(answer).toEqual(EVERYTHING)
      expect(answer.date).not.toBe(EVERYTHING.date)
    })

    test('every value comes back equal, or is refused with its place', async () => {
      await fc.assert(
        fc.asyncProperty(anyEverything(), async (input) => {
          const answer = await notes.echoEverything(input, { peer }).catch((error: Error) => error)
          const problem = answer instanceof Error ? answer.message : ''
          expect(problem).toMatch(/^(input of schema\.echoEverything is refused: (\/[a-z]+.*|it lacks "[a-z]+"))?$/s)
          expect(problem === '' ? answer : input).toEqual(input)
        }),
        { numRuns: 100 },
      )
    })

    test('every nested value comes back equal', async () => {
      await fc.assert(
        fc.asyncProperty(anyNested(), async (input) => {
          expect(await notes.echoNested(input, { peer })).toEqual(input)
        }),
        { numRuns: 50 },
      )
    })
  })
}

const dates = (): fc.Arbitrary<Date> =>
  fc.date({ min: LONG_AGO, max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
const urls = (): fc.Arbitrary<URL> => fc.webUrl({ withQueryParameters: true }).map((text) => new URL(text))
const mapOf = <Key, Value>(key: fc.Arbitrary<Key>, value: fc.Arbitrary<Value>): fc.Arbitrary<Map<Key, Value>> =>
  fc.array(fc.tuple(key, value), { maxLength: 4 }).map((pairs) => new Map(pairs))
const setOf = <Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Set<Item>> =>
  fc.array(item, { maxLength: 4 }).map((items) => new Set(items))

/** Mostly right; now and then a part is what has no form that travels. */
function anyEverything(): fc.Arbitrary<Everything> {
  const oddly = <Value>(right: fc.Arbitrary<Value>, ...wrong: unknown[]): fc.Arbitrary<Value> =>
    fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...(wrong as Value[])) })
  return fc.record({
    date: oddly(dates(), new Date(Number.NaN), new Date(8.64e15), 0, null),
    bigint: oddly(fc.bigInt(), 1, '1', undefined),
    bytes: fc.uint8Array(),
    url: urls(),
    map: oddly(mapOf(fc.string(), dates()), new Map([[1, AT]]), [], {}),
    set: oddly(setOf(fc.bigInt()), new Set([Number.NaN]), [1n]),
    price: oddly(
      fc.maxSafeInteger().map((cents) => new Money(cents + 0)),
      new Money(Number.NaN),
      new Money(Number.POSITIVE_INFINITY),
      undefined,
    ),
    plain: oddly(fc.string({ unit: 'grapheme' }), new Date(0), () => 'a', Symbol('a')),
  })
}

function anyNested(): fc.Arbitrary<Nested> {
  return fc.record<Nested>(
    {
      optional: dates(),
      nullable: fc.option(dates()),
      list: fc.array(fc.array(fc.uint8Array(), { maxLength: 3 }), { maxLength: 3 }),
      tuple: fc.oneof(fc.tuple(fc.string(), dates()), fc.tuple(fc.string(), dates(), fc.bigInt())),
      rest: fc
        .tuple(dates(), fc.array(fc.bigInt()))
        .map(([first, others]) => [first, ...others] as [Date, ...bigint[]]),
      record: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), urls(), { maxKeys: 4, noNullPrototype: true }),
      both: fc.record({ a: dates(), b: fc.bigInt() }, { requiredKeys: ['a'], noNullPrototype: true }),
      maps: mapOf(
        fc.bigInt(),
        mapOf(dates(), setOf(fc.oneof(fc.string(), fc.record({ n: fc.bigInt() }, { noNullPrototype: true })))),
      ),
    },
    { requiredKeys: ['nullable', 'list', 'tuple', 'rest', 'record', 'both', 'maps'], noNullPrototype: true },
  )
}
