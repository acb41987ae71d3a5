import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CodecError } from '../../../runtime/codec/codec-error.js'
import type { CodecPlan } from '../../../runtime/codec/codec-plan.js'
import { decodeValue } from '../../../runtime/codec/decode-value.js'
import { encodeValue } from '../../../runtime/codec/encode-value.js'
import { convertWithinBudget } from '../../../runtime/codec/object-budget.js'

const DATE: CodecPlan = { kind: 'date' }
const BIGINT: CodecPlan = { kind: 'bigint' }

/** A tree whose nodes hold dates: a plan that refers to itself. */
const TREE: CodecPlan = {
  kind: 'object',
  properties: [
    ['at', DATE],
    ['children', { kind: 'array', item: { kind: 'reference', plan: () => TREE } }],
  ],
}

const NULLABLE_DATE: CodecPlan = {
  kind: 'union',
  arms: [
    { types: ['string'], plan: DATE },
    { types: ['null'], plan: null },
    { types: ['array'], plan: { kind: 'set', item: BIGINT } },
    { types: ['object'], plan: { kind: 'object', properties: [['at', DATE]] } },
  ],
}

const VARIANTS: CodecPlan = {
  kind: 'variants',
  property: 'type',
  arms: [['dated', { kind: 'object', properties: [['at', DATE]] }]],
}

const UPPER: CodecPlan = {
  kind: 'own',
  inner: null,
  codec: {
    encode: (value) => ({ text: (value as { upper: string }).upper.toLowerCase() }),
    decode: (value) => ({ upper: (value as { text: string }).text.toUpperCase() }),
  },
}

const at = new Date('2026-11-22T21:00:00.123Z')
const when = '2026-11-22T21:00:00.123Z'

describe('a codec', () => {
  test.each<[string, CodecPlan, unknown, unknown]>([
    ['a date', DATE, at, when],
    ['a bigint', BIGINT, -(2n ** 70n), '-1180591620717411303424'],
    ['bytes', { kind: 'bytes' }, new Uint8Array([0, 255, 16]), 'AP8Q'],
    ['a view of other bytes', { kind: 'bytes' }, new Uint8Array([9, 0, 255, 9]).subarray(1, 3), 'AP8='],
    ['a URL', { kind: 'url' }, new URL('https://example.org/ä?b#c'), 'https://example.org/%C3%A4?b#c'],
    ['a map', { kind: 'map', key: DATE, value: BIGINT }, new Map([[at, 1n]]), [[when, '1']]],
    ['a map of plain values', { kind: 'map', key: null, value: null }, new Map([['a', { b: 1 }]]), [['a', { b: 1 }]]],
    ['a set', { kind: 'set', item: null }, new Set([2, 1]), [2, 1]],
    ['items', { kind: 'array', item: BIGINT }, [1n, 2n], ['1', '2']],
    ['a tuple', { kind: 'tuple', items: [null, DATE], rest: BIGINT }, ['x', at, 1n, 2n], ['x', when, '1', '2']],
    ['a record', { kind: 'record', value: DATE }, { a: at, b: at }, { a: when, b: when }],
    [
      'a recursive type',
      TREE,
      { at, children: [{ at, children: [] }] },
      { at: when, children: [{ at: when, children: [] }] },
    ],
    ['a union: its codec', NULLABLE_DATE, at, when],
    ['a union: a plain arm', NULLABLE_DATE, null, null],
    ['a union: a set', NULLABLE_DATE, new Set([1n]), ['1']],
    ['a union: an object', NULLABLE_DATE, { at }, { at: when }],
    ['a variant', VARIANTS, { type: 'dated', at }, { type: 'dated', at: when }],
    ['a variant without a plan', VARIANTS, { type: 'plain', at: 1 }, { type: 'plain', at: 1 }],
    [
      'an intersection',
      {
        kind: 'intersection',
        parts: [
          { kind: 'object', properties: [['a', DATE]] },
          { kind: 'object', properties: [['b', BIGINT]] },
        ],
      },
      { a: at, b: 1n, c: 'kept' },
      { a: when, b: '1', c: 'kept' },
    ],
    ["a user's own", UPPER, { upper: 'A' }, { text: 'a' }],
    [
      "a user's own around another",
      { ...UPPER, inner: { kind: 'object', properties: [] } },
      { upper: 'A' },
      { text: 'a' },
    ],
  ])('goes there and back: %s', (_, plan, value, encoded) => {
    expect(encodeValue(plan, value)).toEqual(encoded)
    expect(decodeValue(plan, encoded)).toEqual(value)
  })

  test('leaves what it is given as it is, and shares what no plan names', () => {
    const kept = { deep: [1] }
    const value = Object.freeze({ at, kept })
    const encoded = encodeValue({ kind: 'object', properties: [['at', DATE]] }, value) as { kept: unknown }
    expect(value.at).toBe(at)
    expect(encoded.kept).toBe(kept)
  })

  test('leaves out what is not there, and keeps what the schema does not name', () => {
    const plan: CodecPlan = {
      kind: 'object',
      properties: [
        ['at', DATE],
        ['until', DATE],
      ],
    }
    expect(encodeValue(plan, { at, until: undefined, more: 1 })).toEqual({ at: when, until: undefined, more: 1 })
    expect(decodeValue(plan, { at: when, more: 1 })).toEqual({ at, more: 1 })
  })

  const urls: CodecPlan = { kind: 'array', item: { kind: 'url' } }
  const set: CodecPlan = { kind: 'set', item: null }
  const map: CodecPlan = { kind: 'map', key: null, value: null }
  const links = (count: number): string[] => Array(count).fill('http://a')
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, item) => item)
  const pairs = (count: number): [number, number][] => numbers(count).map((key) => [key, 0])

  test.each<[string, CodecPlan, unknown[]]>([
    ['50,000 URLs', urls, links(50_000)],
    ['100,000 items of a set', set, numbers(100_000)],
    ['100,000 pairs of a map', map, pairs(100_000)],
  ])('lets %s of a request in', (_, plan, value) => {
    expect(convertWithinBudget(() => decodeValue(plan, value))).toBeTypeOf('object')
  })

  test.each<[string, CodecPlan, unknown[], string]>([
    ['50,001 URLs', urls, links(50_001), '/50000'],
    ['100,001 items of a set', set, numbers(100_001), 'it'],
    ['100,001 pairs of a map', map, pairs(100_001), 'it'],
  ])('says where a request has %s, which an answer may have', (_, plan, value, place) => {
    const limit = '50000 URLs and byte strings, or 100000 items of sets and maps'
    expect(() => convertWithinBudget(() => decodeValue(plan, value))).toThrow(
      `${place} is more than one value may have, ${limit}: send it in parts`,
    )
    expect(decodeValue(plan, value)).toBeTypeOf('object')
  })

  test('makes a property of __proto__, and no prototype', () => {
    const plan: CodecPlan = { kind: 'object', properties: [['__proto__', DATE]] }
    const value = JSON.parse(`{ "__proto__": "${when}" }`) as object
    const decoded = decodeValue(plan, value) as object
    expect(Object.getOwnPropertyDescriptor(decoded, '__proto__')?.value).toEqual(at)
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype)
  })

  test.each<[string, CodecPlan, unknown, string]>([
    ['no date', { kind: 'object', properties: [['at', DATE]] }, { at: when }, `/at is "${when}", expected a Date`],
    ['an invalid date', DATE, new Date(Number.NaN), 'it is an invalid Date'],
    [
      'a date out of range',
      DATE,
      new Date(8.64e15),
      'it is "+275760-09-13T00:00:00.000Z", expected a year from 0000 to 9999',
    ],
    ['no bigint', { kind: 'array', item: BIGINT }, [1n, 2], '/1 is 2, expected a bigint'],
    ['no bytes', { kind: 'bytes' }, 'AA==', 'it is "AA==", expected a Uint8Array'],
    ['no URL', { kind: 'url' }, 'https://example.org', 'it is "https://example.org", expected a URL'],
    [
      'a URL with a long host',
      { kind: 'url' },
      new URL(`http://${'a.'.repeat(150)}a`),
      'a…, expected a host of at most 256 characters',
    ],
    [
      'no map',
      { kind: 'map', key: null, value: DATE },
      [['a', at]],
      'it is [["a","2026-11-22T21:00:00.123Z"]], expected a Map',
    ],
    ['a value of a map', { kind: 'map', key: null, value: DATE }, new Map([['a', 1]]), '/0/1 is 1, expected a Date'],
    ['no set', { kind: 'set', item: null }, [1], 'it is [1], expected a Set'],
    ["what a user's codec throws for", UPPER, 1, 'it is 1, which its codec cannot encode'],
  ])('refuses with the place, before anything is sent: %s', (_, plan, value, message) => {
    expect(() => encodeValue(plan, value)).toThrow(new CodecError('', '').constructor as typeof CodecError)
    expect(() => encodeValue(plan, value)).toThrow(message)
  })

  test.each<[string, CodecPlan, unknown, string]>([
    ['a time that is none', DATE, '2026-11-22T23:59:60Z', 'it is "2026-11-22T23:59:60Z", which is no time'],
    ['spare bits in base64', { kind: 'bytes' }, 'AB==', 'it is no base64'],
    [
      'a relative URL',
      { kind: 'url' },
      '/a',
      'it is "/a", expected an absolute URL with a host of at most 256 characters',
    ],
    [
      'two equal keys',
      { kind: 'map', key: null, value: null },
      [
        ['a', 1],
        ['a', 2],
      ],
      '/1/0 is "a", which is the key of another pair',
    ],
    ['two equal items', { kind: 'set', item: BIGINT }, ['1', '1'], '/1 is "1", which is in the set already'],
    ["what a user's codec throws for", UPPER, null, 'it is null, which its codec cannot decode'],
  ])('refuses what travelled and stands for nothing: %s', (_, plan, value, message) => {
    expect(() => decodeValue(plan, value)).toThrow(message)
  })

  test('refuses a value that holds itself', () => {
    const tree: { at: Date; children: unknown[] } = { at, children: [] }
    tree.children.push(tree)
    expect(() => encodeValue(TREE, tree)).toThrow(/is deeper than 64 levels, or holds itself$/)
  })

  test('gives back every value that it takes', () => {
    const date = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    const cases: [CodecPlan, fc.Arbitrary<unknown>][] = [
      [DATE, date],
      [BIGINT, fc.bigInt()],
      [{ kind: 'bytes' }, fc.uint8Array()],
      [{ kind: 'url' }, fc.webUrl({ withQueryParameters: true }).map((text) => new URL(text))],
      [{ kind: 'map', key: BIGINT, value: DATE }, fc.array(fc.tuple(fc.bigInt(), date)).map((pairs) => new Map(pairs))],
      [{ kind: 'set', item: null }, fc.array(fc.string()).map((items) => new Set(items))],
    ]
    for (const [plan, values] of cases) {
      fc.assert(
        fc.property(values, (value) => {
          const travelled: unknown = JSON.parse(JSON.stringify(encodeValue(plan, value)))
          expect(decodeValue(plan, travelled)).toEqual(value)
        }),
      )
    }
  })
})
