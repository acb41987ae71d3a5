import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanLine, cleanText, escapeUnsafe } from '../../../runtime/errors/clean-text.js'
import { anyText } from '../arbitrary-text.js'

interface Case {
  readonly name: string
  readonly given: string
  readonly text: string
  readonly line: string
  readonly escaped: string
}

const CASES: readonly Case[] = [
  {
    name: 'plain text',
    given: 'a note é ✓ 😀',
    text: 'a note é ✓ 😀',
    line: 'a note é ✓ 😀',
    escaped: 'a note é ✓ 😀',
  },
  { name: 'lines and tabs', given: 'a\tb\nc', text: 'a\tb\nc', line: 'a b c', escaped: 'a\tb\nc' },
  { name: 'CR LF', given: 'a\r\nb', text: 'a\nb', line: 'a b', escaped: 'a\\u000d\nb' },
  { name: 'a colour', given: '\u001b[31mred', text: '[31mred', line: '[31mred', escaped: '\\u001b[31mred' },
  { name: 'OSC and BEL', given: '\u001b]0;x\u0007', text: ']0;x', line: ']0;x', escaped: '\\u001b]0;x\\u0007' },
  { name: 'C1 and DEL', given: '\u009b2J\u007f', text: '2J', line: '2J', escaped: '\\u009b2J\\u007f' },
  { name: 'NUL', given: 'a\u0000b', text: 'ab', line: 'ab', escaped: 'a\\u0000b' },
  { name: 'an override', given: '\u202egpj\u202c', text: 'gpj', line: 'gpj', escaped: '\\u202egpj\\u202c' },
  { name: 'isolates', given: '\u2066x\u2069', text: 'x', line: 'x', escaped: '\\u2066x\\u2069' },
  { name: 'marks', given: '\u200e\u200f\u061c', text: '', line: '', escaped: '\\u200e\\u200f\\u061c' },
  { name: 'separators', given: 'a\u2028b\u2029', text: 'ab', line: 'ab', escaped: 'a\\u2028b\\u2029' },
]

test.each(CASES)('$name: dangerous characters are taken out, or escaped in JSON', ({ given, text, line, escaped }) => {
  expect([cleanText(given), cleanLine(given), escapeUnsafe(given)]).toEqual([text, line, escaped])
})

test('JSON text means the same after it was escaped', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(JSON.parse(escapeUnsafe(JSON.stringify(text)))).toBe(text)
    }),
  )
})

test('a line stays a line, and cleaning twice changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const cleaned = cleanLine(text)
      expect(cleaned).not.toMatch(/[\n\r\t\u2028\u2029]/)
      expect(cleanLine(cleaned)).toBe(cleaned)
    }),
  )
})
