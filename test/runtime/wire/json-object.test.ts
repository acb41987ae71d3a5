import { describe, expect, test } from 'vitest'
import { decodeObject, isObject, toObject } from '../../../runtime/wire/json-object.js'
import { MAX_DEPTH } from '../../../runtime/wire/limits.js'

const OTHERS = [undefined, null, 0, '', 'text', true, [], [{ a: 1 }]]

describe('an object of JSON', () => {
  test.each(OTHERS)('is not %j', (value) => {
    expect(isObject(value)).toBe(false)
    expect(toObject(value)).toEqual({})
  })

  test('is what it is', () => {
    const value = { a: 1 }
    expect(isObject(value)).toBe(true)
    expect(toObject(value)).toBe(value)
  })

  test.each([
    ['{"a":1}', { a: 1 }],
    ['[1]', undefined],
    ['null', undefined],
    ['', undefined],
    ['{"a":1', undefined],
    ['{"__proto__":{}}', undefined],
    [`{"a":${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}}`, undefined],
  ])('is read from %s, as text and as bytes', (json, want) => {
    expect(decodeObject(json)).toEqual(want)
    expect(decodeObject(Buffer.from(json))).toEqual(want)
  })

  test('is not read from what is no UTF-8', () => {
    expect(decodeObject(Buffer.from([0x7b, 0xff, 0x7d]))).toBeUndefined()
  })

  test('may be as deep as it is let', () => {
    expect(decodeObject('{"a":[[1]]}', 2)).toBeUndefined()
    expect(decodeObject('{"a":[[1]]}', 3)).toEqual({ a: [[1]] })
  })
})
