import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMetadata as readHeaders, writeMetadata } from '../../../runtime/transport/metadata-headers.js'
import { Metadata, readMetadata } from '../../../runtime/wire/metadata.js'
import { wellFormedText } from '../arbitrary-text.js'

const NAMES = 'expected a-z, 0-9, "_", "." and "-", with a letter or digit first'

describe('metadata', () => {
  test.each<[unknown, unknown, string, string]>([
    ['', 'x', 'invalid_argument', `name "" of metadata is refused: ${NAMES}`],
    ['Authorization', 'x', 'invalid_argument', `name "Authorization" of metadata is refused: ${NAMES}`],
    ['a b', 'x', 'invalid_argument', `name "a b" of metadata is refused: ${NAMES}`],
    ['a\r\nb', 'x', 'invalid_argument', `name "a\\r\\nb" of metadata is refused: ${NAMES}`],
    ['ä', 'x', 'invalid_argument', `name "ä" of metadata is refused: ${NAMES}`],
    ['__proto__', 'x', 'invalid_argument', `name "__proto__" of metadata is refused: ${NAMES}`],
    [Symbol('x'), 'x', 'invalid_argument', `name a symbol of metadata is refused: ${NAMES}`],
    ['x', 5, 'invalid_argument', 'metadata "x" is a number, expected a text'],
    ['x', undefined, 'invalid_argument', 'metadata "x" is undefined, expected a text'],
    ['x', ['secret'], 'invalid_argument', 'metadata "x" is an array, expected a text'],
    ['x', { secret: 1 }, 'invalid_argument', 'metadata "x" is an object, expected a text'],
    ['x', 'a\ud800', 'invalid_argument', 'metadata "x" holds a lone surrogate: remove it'],
    [
      'x',
      'y'.repeat(8_192),
      'resource_exhausted',
      'metadata has 8200 bytes of JSON with "x", at most 8192 are allowed: put large values into the input',
    ],
    [
      'x',
      '\u0000'.repeat(1_365),
      'resource_exhausted',
      'metadata has 8198 bytes of JSON with "x", at most 8192 are allowed: put large values into the input',
    ],
  ])('refuses %j: %j, and stays as it was', (name, value, code, message) => {
    const metadata = new Metadata()
    const want = expect.objectContaining({ code, message })
    expect(() => metadata.set(name as string, value as string)).toThrow(want)
    expect(metadata.size).toBe(0)
  })

  test('refuses a name above 64 of them, but not another value for one of them', () => {
    const metadata = new Metadata()
    for (let index = 0; index < 64; index++) metadata.set(`n${index}`, 'x')
    expect(metadata.set('n0', 'y').get('n0')).toBe('y')
    expect(() => metadata.set('n64', 'x')).toThrow(
      expect.objectContaining({
        code: 'resource_exhausted',
        message: 'metadata has 65 names with "n64", at most 64 are allowed: put more into the input',
      }),
    )
  })

  test.each<[unknown, string]>([
    [null, 'metadata is null, expected an object of texts'],
    ['x', 'metadata is a string, expected an object of texts'],
    [[], 'metadata is an array, expected an object of texts'],
    [{ x: 1 }, 'metadata "x" is a number, expected a text'],
    [{ 'X-y': 'z' }, `name "X-y" of metadata is refused: ${NAMES}`],
  ])('that arrives as %j is refused', (value, message) => {
    expect(() => readMetadata(value)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }))
  })
})

describe('metadata in the headers of a request', () => {
  const toMap = (headers: readonly string[]): Map<string, string> =>
    new Map(headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? '']] : [])))

  test('has headers of its own for trace context, and one for all else', () => {
    const metadata = { authorization: 'Bearer ✓', traceparent: '00-a-b-01', tracestate: 'a=1', baggage: 'b=2' }
    const rest = Buffer.from('{"authorization":"Bearer ✓"}').toString('base64url')
    expect(writeMetadata(metadata)).toEqual([
      'traceparent',
      '00-a-b-01',
      'tracestate',
      'a=1',
      'baggage',
      'b=2',
      'netgen-metadata',
      rest,
    ])
  })

  test('is printable ASCII without blanks around, whatever it holds, and comes out as it went in', () => {
    const name = fc.oneof(fc.constantFrom('traceparent', 'tracestate', 'baggage'), fc.stringMatching(/^[a-z0-9]+$/))
    fc.assert(
      fc.property(fc.dictionary(name, wellFormedText), (metadata) => {
        const headers = writeMetadata(metadata)
        for (const text of headers) expect(text).toMatch(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/)
        expect(readHeaders(toMap(headers)) ?? {}).toEqual({ ...metadata })
      }),
    )
  })

  test('is at most 12 KiB long at its longest', () => {
    const text = writeMetadata({ x: 'x'.repeat(8_184) }).join('')
    expect(text.length).toBeLessThan(12 * 1_024)
  })

  test.each([
    ['no base64url', '{}'],
    ['padding', `${Buffer.from('{"x":"y"}').toString('base64url')}=`],
    ['no UTF-8', Buffer.from([0xff]).toString('base64url')],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['a prototype', Buffer.from('{"__proto__":"x"}').toString('base64url')],
    ['a list', Buffer.from('[]').toString('base64url')],
    ['nothing', Buffer.from('null').toString('base64url')],
  ])('is refused where it holds %s', (_, header) => {
    const headers = new Map([
      ['traceparent', 'x'],
      ['netgen-metadata', header],
    ])
    expect(() => readMetadata(readHeaders(headers))).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
  })
})
