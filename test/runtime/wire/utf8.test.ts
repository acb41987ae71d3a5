import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readUtf8 } from '../../../runtime/wire/read-utf8.js'
import { writeUtf8 } from '../../../runtime/wire/write-utf8.js'

/** Below and above the lengths from which on other functions of Node do the same, and what they keep at hand. */
const LENGTHS = [0, 1, 500, 511, 512, 600, 1_600, 8_192, 16_370, 16_384, 20_000, 400_000]

const WORDS: readonly [string, string][] = [
  ['ASCII', 'record '],
  ['Latin-1', 'café '],
  ['two bytes', 'Łódź '],
  ['three bytes', '日本語'],
  ['four bytes', '😀 '],
  ['all of them, NUL and a byte order mark', '\0aé\u0800\ufeff😀'],
]

describe.each(WORDS)('text of %s', (_, word) => {
  test.each(LENGTHS)('is written as Node writes it, and read again: %d units', (length) => {
    const text = word.repeat(Math.ceil(length / word.length))
    const want = Buffer.from(text)
    const isAscii = want.length === text.length
    for (const known of new Set([isAscii, false])) {
      const written = writeUtf8(text, 14, known)
      expect(written.subarray(14).equals(want)).toBe(true)
    }
    expect(readUtf8(want)).toBe(text)
  })

  test('is written beside what was written before', () => {
    const [first, second] = [writeUtf8(word.repeat(500), 0, false), writeUtf8('é'.repeat(600), 0, false)]
    expect(first.toString()).toBe(word.repeat(500))
    expect(second.toString()).toBe('é'.repeat(600))
  })
})

test('any text is written and read, whatever its length', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(1, 20, 100, 500), (part, times) => {
      const text = part.repeat(times)
      expect(writeUtf8(text, 3, false).subarray(3).equals(Buffer.from(text))).toBe(true)
      expect(readUtf8(Buffer.from(text))).toBe(text)
    }),
  )
})

test.each([1, 600, 20_000])('a lone surrogate among %d units is written as U+FFFD', (length) => {
  const text = `${'é'.repeat(length)}\ud800`
  expect(writeUtf8(text, 14, false).toString('utf8', 14)).toBe(`${'é'.repeat(length)}\ufffd`)
})

test.each<[string, number[]]>([
  ['a stray byte', [0xff]],
  ['half a character', [0xc3]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
])('what is no UTF-8 is no text, in short and in long: %s', (_, bytes) => {
  for (const before of ['', 'é'.repeat(2_000)]) {
    expect(readUtf8(Buffer.concat([Buffer.from(before), Buffer.from(bytes)]))).toBeUndefined()
  }
})
