import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDeeper } from '../../../runtime/wire/is-deeper.js'
import { isShallow, SHALLOW_LEVELS } from '../../../runtime/wire/is-shallow.js'

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

test('a text that is told to be shallow is', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(isShallow(JSON.stringify(value))).toBe(countLevels(value) <= SHALLOW_LEVELS)
    }),
    { numRuns: 1_000 },
  )
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
