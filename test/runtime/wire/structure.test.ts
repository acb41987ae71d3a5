import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeJson, MalformedJsonError } from '../../../runtime/wire/decode-json.js'
import { findExcess } from '../../../runtime/wire/find-excess.js'
import { hasMoreStructure } from '../../../runtime/wire/has-more-structure.js'
import { MAX_STRUCTURE } from '../../../runtime/wire/limits.js'

const pieces = fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', 'Ł', '\u2028', '😀', '\n', 'a', 'b', '7', '0')
const texts = fc.array(pieces).map((parts) => parts.join(''))
const keys = fc.oneof(texts, fc.constantFrom('a', 'b', 'c'))
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'large', withCrossShrink: true },
    texts,
    fc.double(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

/** What a value counts, in quarters, and its levels: read from what was parsed. */
function describeValue(value: unknown): { readonly quarters: number; readonly levels: number } {
  const seen = new Set<string>()
  let containers = 0
  const visit = (part: unknown): number => {
    if (typeof part !== 'object' || part === null) return 0
    containers++
    if (Array.isArray(part)) return 1 + Math.max(0, ...part.map(visit))
    const names = Object.keys(part)
    if (names.some((name) => /^[1-9]\d{0,9}$/.test(name))) containers += 4
    for (const [at, name] of names.entries()) {
      seen.add(`key ${name}`)
      seen.add(`shape ${names.length} ${JSON.stringify(names.slice(0, at + 1))}`)
    }
    return 1 + Math.max(0, ...Object.values(part).map(visit))
  }
  const levels = visit(value)
  return { quarters: 4 * seen.size + containers, levels }
}

test('structure is counted as it is in what the text holds', () => {
  fc.assert(
    fc.property(values, (value) => {
      const text = JSON.stringify(value, undefined, 1)
      const { quarters, levels } = describeValue(JSON.parse(text))
      expect(hasMoreStructure(text, levels, quarters / 4)).toBe(false)
      fc.pre(levels > 0)
      expect(hasMoreStructure(text, levels, (quarters - 1) / 4)).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

const list = (count: number, create: (index: number) => unknown): string =>
  JSON.stringify(Array.from({ length: count }, (_, index) => create(index)))
const record = (count: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`name ${index}`, index])))
const MEBIBYTE = 1_048_576
const tooMuch = new MalformedJsonError(
  'its different keys, shapes of objects and nested values count more than 40000: send it in parts',
  'structure',
)
const read = (text: string): unknown => decodeJson(text, 64, MAX_STRUCTURE)

describe('1 MiB', () => {
  test.each<[string, string]>([
    [
      'of 10,000 records with the same ten keys',
      list(10_000, (at) => ({
        a: at,
        b: -at,
        c: `text ${at}`,
        d: true,
        e: null,
        f: at % 7,
        g: 'a city',
        h: at / 4,
        i: 'xy',
        j: 'z',
      })),
    ],
    ['of points', list(110_000, (at) => [at % 999, at % 777])],
    ['of points with names', list(60_000, (at) => ({ x: at % 999, y: at % 777 }))],
    [
      'of records that leave out what they do not have',
      list(5_200, (at) =>
        Object.fromEntries(
          Array.from({ length: 24 }, (_, bit) => [`property ${bit}`, at % 10]).filter(
            (_, bit) => bit % 2 === 0 || (Math.imul(at + 1, 0x9e3779b1) >>> (32 - bit / 2)) & 1,
          ),
        ),
      ),
    ],
    ['of maps by number', list(5_000, (at) => Object.fromEntries(Array.from({ length: 30 }, (_, key) => [key, at])))],
    ['of numbers', list(180_000, (at) => at % 9_999)],
    ['of texts with colons and brackets', list(40_000, (at) => `12:${at}:[00]{}":`)],
    ['of one text', JSON.stringify({ data: 'AAAA'.repeat(250_000) })],
  ])('%s is read', (_, text) => {
    expect(text.length).toBeGreaterThan(MEBIBYTE * 0.7)
    expect(read(text)).toEqual(JSON.parse(text))
  })

  test.each<[string, string]>([
    ['keys in one object', record(60_000)],
    ['keys of an object each', list(60_000, (at) => ({ [`n${at}`]: 0 }))],
    ['keys with escapes', list(60_000, (at) => ({ [`${at}`]: 0 })).replaceAll('{"', '{"\\u0061')],
    ['keys far from their colons', list(60_000, (at) => ({ [`n${at}`]: 0 })).replaceAll('":', '" \n:')],
    ['few keys in many orders', list(5_000, (at) => Object.fromEntries(sort(at).map((letter) => [letter, 0])))],
    ['arrays', `[${Array(4_000).fill(`${'['.repeat(60)}${']'.repeat(60)}`)}]`],
    ['empty objects', list(200_000, () => ({}))],
    ['objects with an integer for a key', list(110_000, () => ({ 99: 0 }))],
    ['objects with an integer behind another key', `[${Array(60_000).fill('{"":0,"9":0}')}]`],
    ['objects with an integer behind a zero', `[${Array(60_000).fill('{"0":0,"9":0}')}]`],
    ['objects with an integer that is an escape', `[${Array(60_000).fill('{"\\u0039":0}')}]`],
    ['objects with an integer that ends with an escape', `[${Array(60_000).fill('{"9\\u0039":0}')}]`],
    ['such objects in each other', `[${Array(1_500).fill(`${'{"\\u0039":'.repeat(62)}0${'}'.repeat(62)}`)}]`],
    ['keys, and no end', record(60_000).slice(0, -1)],
    ['keys beyond Latin-1', list(60_000, (at) => ({ [String.fromCharCode(0x4e00 + at / 8) + (at % 8)]: 0 }))],
  ])('of %s is refused before anything is built', (_, text) => {
    expect(() => read(text)).toThrow(tooMuch)
    expect(findExcess(text, 64)).toBe(undefined)
  })
})

test.each([
  ['39,999 keys in one object are let in', 39_999, undefined],
  ['40,000 are not, as the object counts too', 40_000, 'structure'],
])('%s', (_, count, excess) => {
  expect(findExcess(record(count), 64, MAX_STRUCTURE)).toBe(excess)
})

test('a text of 256 Ki characters has any structure, as it takes no time', () => {
  const text = `${list(21_000, (at) => ({ [`${at}`]: 0 })).padEnd(262_144)}`
  expect([text, `${text} `].map((each) => findExcess(each, 64, MAX_STRUCTURE))).toEqual([undefined, 'structure'])
})

/** The first 26 letters in an order of their own for each number. */
function sort(at: number): string[] {
  const rank = (letter: string): number => Math.imul((at + 1) * 7_919 * letter.charCodeAt(0), 0x9e3779b1) >>> 0
  return [...'abcdefghijklmnopqrstuvwxyz'].sort((a, b) => rank(a) - rank(b))
}
