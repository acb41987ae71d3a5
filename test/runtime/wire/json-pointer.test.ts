import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appendPointer, resolvePointer } from '../../../runtime/wire/json-pointer.js'
import { anyText } from '../arbitrary-text.js'

// RFC 6901, section 5.
const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'm~n': 8, '~1': 9 }

test.each<[string, unknown]>([
  ['', document],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/m~0n', 8],
  ['/~01', 9],
  ['/foo/2', undefined],
  ['/foo/0/x', undefined],
  ['/nothing/there', undefined],
  ['/toString', undefined],
  ['/foo/map', undefined],
  ['/__proto__', undefined],
])('%j leads to its value, by own properties only', (pointer, want) => {
  expect(resolvePointer(document, pointer)).toEqual(want)
})

test('what is appended is found again, whatever the keys hold', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 5 }), (keys) => {
      const value = keys.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), 'found')
      expect(resolvePointer(value, keys.reduce(appendPointer, ''))).toBe('found')
    }),
  )
})
