import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeJson } from '../../../runtime/wire/decode-json.js'
import { readErrorRecord } from '../../../runtime/wire/read-error-record.js'
import { reviveError } from '../../../runtime/wire/revive-error.js'
import { anyText } from '../arbitrary-text.js'

const whole = {
  kind: 'netgen',
  name: 'NetgenError',
  message: 'no',
  code: 'not_found',
  maybeExecuted: false,
  errorId: 'id-1',
  hops: [{ peer: 'p', tag: 't', frames: [{ function: 'f', file: '/a.ts', line: 1, column: 2, async: true }] }],
}

test('a record of netgen is read as it is', () => {
  expect(readErrorRecord(whole)).toEqual(whole)
})

describe('what is no record', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'NetgenError'],
    ['an array', [whole]],
    ['nothing in it', {}],
    ['no kind', { ...whole, kind: undefined }],
    ['a foreign kind', { ...whole, kind: 'toString' }],
    ['no name', { ...whole, name: 1 }],
    ['no message', { ...whole, message: null }],
    ['no code', { ...whole, code: undefined }],
    ['a foreign code', { ...whole, code: 'constructor' }],
    ['a numeric code', { ...whole, code: 404 }],
  ])('is answered with undefined: %s', (_, value) => {
    expect(readErrorRecord(value)).toBeUndefined()
  })
})

describe('what only explains', () => {
  const frame = { file: '/a.ts', line: 1, column: 2, async: false }

  test.each<[string, object, object]>([
    ['without maybeExecuted it may have run', { maybeExecuted: undefined }, { maybeExecuted: true }],
    ['a maybeExecuted that is none', { maybeExecuted: 0 }, { maybeExecuted: true }],
    ['no errorId', { errorId: 5 }, { errorId: '' }],
    ['a long errorId', { errorId: 'x'.repeat(1_000) }, { errorId: `${'x'.repeat(499)}…` }],
    ['hops that are none', { hops: 'no' }, { hops: [] }],
    ['a hop without a peer', { hops: [{ tag: 't', frames: [] }, 1, null] }, { hops: [] }],
    [
      'frames that are none',
      { hops: [{ peer: 'p', tag: 't', frames: 1 }] },
      { hops: [{ peer: 'p', tag: 't', frames: [] }] },
    ],
    [
      'a frame without a place',
      { hops: [{ peer: 'p', tag: 't', frames: [{ ...frame, line: 'x' }, { ...frame, file: 1 }, frame] }] },
      { hops: [{ peer: 'p', tag: 't', frames: [frame] }] },
    ],
    ['a cause that is none', { cause: 'why' }, {}],
    [
      'a code of a cause that is none',
      { cause: { ...whole, code: 'x' } },
      { cause: { kind: 'netgen', name: 'NetgenError', message: 'no', hops: whole.hops } },
    ],
    ['properties that are none', { properties: [1] }, { properties: undefined }],
    ['controls in properties', { properties: { 'a\u001b': ['b\u202e'] } }, { properties: { a: ['b'] } }],
    ['a megabyte of properties', { properties: { a: 'x'.repeat(1_000_000) } }, { properties: undefined }],
    ['cuts that are none', { cuts: 'no' }, { cuts: undefined }],
    ['controls in cuts', { cuts: ['/a: b\u0007', 5] }, { cuts: ['/a: b'] }],
    ['the place of another error', { cause: { same: '' } }, { cause: { same: '' } }],
    ['a place that is none', { cause: { same: 5 } }, {}],
    ['parts that are none', { errors: [1, null, {}] }, { errors: [] }],
    ['controls in a name', { name: 'A\u001b[2J\nB' }, { name: 'A[2J B' }],
    ['controls in a message', { message: 'a\u202eb\nc' }, { message: 'ab\nc' }],
    [
      'controls in a hop',
      { hops: [{ peer: 'p\u0007', tag: 't\n', frames: [{ ...frame, file: '/a\u009b.ts', function: 'f\r\n' }] }] },
      { hops: [{ peer: 'p', tag: 't ', frames: [{ ...frame, file: '/a.ts', function: 'f ' }] }] },
    ],
    ['a name of 1 MB', { name: 'x'.repeat(1_000_000) }, { name: `${'x'.repeat(499)}…` }],
    ['a message of 1 MB', { message: 'x'.repeat(1_000_000) }, { message: `${'x'.repeat(19_999)}…` }],
  ])('is taken as far as it can be: %s', (_, given, want) => {
    const { cause: _cause, ...rest } = { ...whole, ...given } as Record<string, unknown>
    expect(readErrorRecord({ ...whole, ...given })).toEqual({ ...rest, ...want })
  })

  test('is bounded: 16 hops of 64 frames, 32 parts, 9 causes, 128 errors', () => {
    const hop = { peer: 'p', tag: 't', frames: Array.from({ length: 1_000 }, () => frame) }
    const hops = Array.from({ length: 1_000 }, () => hop)
    const errors = Array.from({ length: 1_000 }, () => whole)
    let cause: unknown
    for (let depth = 0; depth < 60; depth++) cause = { ...whole, cause }
    const record = readErrorRecord({ ...whole, hops, errors, cause })
    expect(record?.hops).toHaveLength(16)
    expect(record?.hops[0]?.frames).toHaveLength(64)
    expect(record?.errors).toHaveLength(32)
    expect(JSON.stringify(record?.cause).match(/"message"/g)).toHaveLength(9)
    const wide = { ...whole, errors: Array.from({ length: 32 }, () => ({ ...whole, errors })) }
    expect(JSON.stringify(readErrorRecord(wide)).match(/"message"/g)).toHaveLength(128)
  })
})

test('no record from outside makes reading or reviving throw, or touches a prototype', () => {
  const part = fc.record(
    {
      kind: fc.constantFrom('declared', 'builtin', 'netgen', 'other'),
      name: fc.constantFrom('AggregateError', 'TypeError', 'toString', 'constructor', '__proto__', 'then', ''),
      message: anyText,
      code: fc.constantFrom('internal', 'x', undefined),
      data: fc.jsonValue(),
      errors: fc.jsonValue(),
      hops: fc.jsonValue(),
      errorId: fc.jsonValue(),
    },
    { requiredKeys: ['kind', 'name', 'message'] },
  )
  const origin = { peer: 'p', tag: 't' }
  const none = { encodeData: (_: string, data: unknown) => data, create: () => undefined }
  fc.assert(
    fc.property(part, part, (outer, cause) => {
      const text = JSON.stringify({ ...outer, code: 'internal', cause })
      fc.pre(!text.includes('"__proto__":'))
      const record = readErrorRecord(decodeJson(text))
      expect(record).toBeDefined()
      const error = record === undefined ? undefined : reviveError(record, { stack: '' }, origin, none)
      expect(error).toBeInstanceOf(Error)
      expect(typeof error?.stack).toBe('string')
      expect(Object.keys(Object.prototype)).toEqual([])
    }),
  )
})
