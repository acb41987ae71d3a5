import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutText, printValue } from '../../../runtime/errors/print-value.js'

class Note {}
class Text {
  text = 'hello'
}
async function* list(): AsyncGenerator<number> {
  yield 1
}

const cycle: unknown[] = []
cycle.push(cycle)

const CASES: readonly [name: string, given: unknown, want: string][] = [
  ['undefined', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a number', -1.5, '-1.5'],
  ['NaN', Number.NaN, 'NaN'],
  ['an infinity', Number.NEGATIVE_INFINITY, '-Infinity'],
  ['a bigint', 12n, '12n'],
  ['a text', 'it\'s "so"', '"it\'s \\"so\\""'],
  ['an object', { a: [1] }, '{"a":[1]}'],
  ['a function', () => 1, 'a function'],
  ['a promise', Promise.resolve(1), 'a promise that was not awaited'],
  ['an object without anything', {}, '{}'],
  ['an object without a prototype', Object.create(null), '{}'],
  ['a map', new Map([[1, 2]]), 'an instance of Map'],
  ['an error', new Error('no'), 'an instance of Error'],
  ['bytes that nobody looks at', new ArrayBuffer(4), 'an instance of ArrayBuffer'],
  ['what stops', new AbortController(), 'an instance of AbortController'],
  ['what is generated', list(), 'an instance of AsyncGenerator'],
  ['an instance without fields', new Note(), 'an instance of Note'],
  ['an instance with fields', new Text(), '{"text":"hello"}'],
  ['an instance of a class without a name', new (class {})(), '{}'],
  ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ['a toJSON that answers an empty object', { toJSON: () => ({}) }, '{}'],
  ['a symbol', Symbol('x'), 'a symbol'],
  ['a cycle', cycle, 'a value that JSON cannot hold'],
  ['a bigint inside', { n: 1n }, 'a value that JSON cannot hold'],
  ['a toJSON that throws', { toJSON: () => expect.fail('as meant') }, 'a value that JSON cannot hold'],
  ['a toJSON that answers nothing', { toJSON: () => undefined }, 'a value that JSON cannot hold'],
  ['controls', '\u001b\u009b\u202e', '"\\u001b\\u009b\\u202e"'],
  ['80 characters', 'x'.repeat(78), `"${'x'.repeat(78)}"`],
  ['81 characters', 'x'.repeat(79), `"${'x'.repeat(78)}…`],
  ['an emoji at the cut', `${'x'.repeat(77)}😀😀`, `"${'x'.repeat(77)}…`],
]

test.each(CASES)('prints %s', (_, given, want) => {
  expect(printValue(given)).toBe(want)
})

test('prints anything on one line of at most 80 characters, without throwing', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }), (value) => {
      const text = printValue(value)
      expect(text.length).toBeLessThanOrEqual(80)
      expect(text).not.toContain('\n')
    }),
  )
})

test('prints a revoked proxy', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(printValue(proxy)).toBe('a value that JSON cannot hold')
})

test.each<[string, number, string]>([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['a😀b', 3, 'a…'],
  ['a😀b', 4, 'a😀b'],
])('cuts %s to %i', (text, maxLength, want) => {
  expect(cutText(text, maxLength)).toBe(want)
})
