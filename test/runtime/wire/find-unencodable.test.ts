import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findUnencodable } from '../../../runtime/wire/find-unencodable.js'

class Point {
  readonly x = 1
}

const nest = (levels: number): unknown => {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = { a: value }
  return value
}

const cycle: Record<string, unknown> = {}
cycle['self'] = cycle

const anonymous = new (class {
  readonly x = 1
})()
const withProto = JSON.parse('{"a":{"__proto__":1}}') as unknown

describe('a value that JSON would lose, change or refuse', () => {
  test.each<[string, unknown, string, string]>([
    ['NaN', Number.NaN, '', 'NaN is no JSON number'],
    ['an infinity', { a: [1, Number.POSITIVE_INFINITY] }, '/a/1', 'Infinity is no JSON number'],
    ['undefined', undefined, '', 'undefined cannot travel as JSON'],
    ['a bigint', { n: 1n }, '/n', '1n cannot travel as JSON'],
    ['a function', [() => 1], '/0', 'a function cannot travel as JSON'],
    ['a symbol', { s: Symbol('x') }, '/s', 'a symbol cannot travel as JSON'],
    ['a Date', { at: new Date(0) }, '/at', 'an instance of Date cannot travel as JSON: send its plain data'],
    ['a promise', { at: Promise.resolve() }, '/at', 'a promise that was not awaited cannot travel as JSON'],
    ['a Map', new Map(), '', 'an instance of Map cannot travel as JSON: send its plain data'],
    ['bytes', [new Uint8Array(1)], '/0', 'an instance of Uint8Array cannot travel as JSON: send its plain data'],
    ['a class of the user', new Point(), '', 'an instance of Point cannot travel as JSON: send its plain data'],
    [
      'a class without a name',
      anonymous,
      '',
      'an instance of an unnamed class cannot travel as JSON: send its plain data',
    ],
    ['a boxed number', Object(1), '', 'an instance of Number cannot travel as JSON: send its plain data'],
    ['undefined in an array', [[1, undefined]], '/0/1', 'undefined in an array would become null'],
    ['a hole', Array(2), '/0', 'undefined in an array would become null'],
    [
      'a toJSON',
      { a: { toJSON: () => 1 } },
      '/a',
      'a value with its own toJSON cannot travel as it is: send its plain data',
    ],
    [
      'a toJSON on an array',
      { a: Object.assign([1], { toJSON: () => 1 }) },
      '/a',
      'a value with its own toJSON cannot travel as it is: send its plain data',
    ],
    ['__proto__', withProto, '/a', 'the key "__proto__" is not allowed'],
    [
      'constructor.prototype',
      { a: { constructor: { prototype: 1 } } },
      '/a',
      'the key "constructor" holding "prototype" is not allowed',
    ],
    ['a key with / and ~', { 'a/b~c': 1n }, '/a~1b~0c', '1n cannot travel as JSON'],
    ['65 levels', nest(65), '/a'.repeat(64), 'it is deeper than 64 levels, or holds itself'],
    ['a cycle', cycle, '/self'.repeat(64), 'it is deeper than 64 levels, or holds itself'],
    ['5,000 levels', nest(5_000), '/a'.repeat(64), 'it is deeper than 64 levels, or holds itself'],
  ])('is found with its place: %s', (_, value, pointer, problem) => {
    expect(findUnencodable(value)).toEqual({ pointer, problem })
  })
})

describe('a value that travels', () => {
  test.each<[string, unknown]>([
    ['64 levels', nest(64)],
    ['an absent property', { a: undefined }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['a toJSON that is no function', { toJSON: 1 }],
    ['a harmless constructor', { constructor: { name: 'x' }, a: { constructor: null } }],
    ['one value in two places', [cycleFree(), cycleFree()]],
    ['negative zero', -0],
    ['null', null],
  ])('%s', (_, value) => {
    expect(findUnencodable(value)).toBeUndefined()
  })

  test('is any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const hasProto = JSON.stringify(value).includes('"__proto__":')
        expect(findUnencodable(value) === undefined || hasProto).toBe(true)
      }),
    )
  })

  test('comes back equal, or it is found', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        const isFound = findUnencodable(value) !== undefined
        const copy: unknown = isFound ? value : JSON.parse(JSON.stringify(value))
        expect(normalise(copy)).toEqual(normalise(value))
      }),
    )
  })
})

function cycleFree(): unknown {
  return { shared: [1] }
}

/** −0 is 0, and a prototype of null is none of JSON's business. */
function normalise(value: unknown): unknown {
  if (Object.is(value, -0)) return 0
  if (Array.isArray(value)) return value.map(normalise)
  if (typeof value !== 'object' || value === null) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalise(item)]))
}
