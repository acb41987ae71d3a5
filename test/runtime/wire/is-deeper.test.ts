import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { hasMoreLevels, isDeeper } from '../../../runtime/wire/is-deeper.js'
import { createLevelScanner } from '../../../runtime/wire/level-scanner.js'

/** So many levels, the innermost one first. */
function nest(levels: number): string {
  return '[{"a":'.repeat(levels / 2) + '['.repeat(levels % 2) + ']'.repeat(levels % 2) + '}]'.repeat(levels / 2)
}

/** The levels of what a text holds, read from what was parsed. */
function countLevels(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(countLevels))
}

const pieces = fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', 'Ł', '\u2028', '😀', '\n', 'a')
const texts = fc.array(pieces).map((parts) => parts.join(''))
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'large', withCrossShrink: true },
    texts,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

test('levels are counted as they are in what the text holds', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 12 }), (value, levels) => {
      expect(isDeeper(JSON.stringify(value, undefined, 1), levels)).toBe(countLevels(value) > levels)
    }),
    { numRuns: 1_000 },
  )
})

const inStrings = fc.constantFrom('\\\\', '\\"', '\\n', '[', '}', ']', 'a', 'Ł', 'ŝ', 'Ţ')
const strings = fc.array(inStrings, { maxLength: 90 }).map((parts) => `"${parts.join('')}"`)
const outside = fc.constantFrom('[', ']', '{', '}', '[[[', ']]]', ',', ':', ' ', 'ŝ')

/** Whether JSON or not: brackets, quotes and runs of backslashes cross the scanner's blocks of 64 units and its parts of 16 Ki. */
const scanned = fc
  .tuple(fc.constantFrom(0, 1, 60, 16_350), fc.array(fc.oneof(outside, strings), { maxLength: 60 }))
  .map(([before, parts]) => ' '.repeat(before) + parts.join(''))

test('with vectors and without them, the same levels are found', () => {
  const scan = createLevelScanner()
  fc.assert(
    fc.property(scanned, fc.integer({ min: 0, max: 12 }), (text, levels) => {
      expect(scan?.(text, levels)).toBe(hasMoreLevels(text, levels))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['WebAssembly is not there', undefined],
  ['a processor has no vectors', { validate: (): boolean => false }],
  [
    'there is no memory to reserve',
    {
      validate: (): boolean => true,
      Module: class {},
      Instance: class {
        constructor() {
          throw new RangeError('Out of memory: Cannot allocate Wasm memory for new instance')
        }
      },
    },
  ],
])('where %s there is no scanner', (_, api) => {
  vi.stubGlobal('WebAssembly', api)
  expect(createLevelScanner()).toBeUndefined()
  vi.unstubAllGlobals()
})

describe('a long text with 65 levels somewhere is deeper than 64, and with 64 is not', () => {
  const beside = 'x[{\\"'.repeat(10)
  test.each<[string, (levels: number) => string]>([
    ['at its beginning', (levels) => `[${nest(levels - 1)}${`,["${beside}"]`.repeat(1_000)}]`],
    ['at its end', (levels) => `[${`["${beside}"],`.repeat(1_000)}${nest(levels - 1)}]`],
    ['behind closing brackets in strings', (levels) => `[${'"]}]}",'.repeat(1_000)}${nest(levels - 1)}]`],
    ['behind keys with brackets', (levels) => `{${`"${beside}]]":{},`.repeat(1_000)}"a":${nest(levels - 1)}}`],
    ['behind a string that ends with backslashes', (levels) => `[${'"]\\\\\\\\",'.repeat(1_000)}${nest(levels - 1)}]`],
    ['in a text beyond Latin-1', (levels) => `[${'"Ł]",{},'.repeat(1_000)}${nest(levels - 1)}]`],
    ['in one of over 256 Ki units', (levels) => `[${'"]",{},'.repeat(100_000)}${nest(levels - 1)}]`],
    ['of 4 MiB of strings', (levels) => `[${'"",'.repeat(1_398_000)}${'[],'.repeat(100)}${nest(levels - 1)}]`],
  ])('%s', (_, create) => {
    expect([64, 65].map((levels) => isDeeper(create(levels), 64))).toEqual([false, true])
  })
})
