import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeJson, decodeUtf8, MalformedJsonError } from '../../../runtime/wire/decode-json.js'
import { anyText } from '../arbitrary-text.js'

const tooDeep = 'it is deeper than 64 levels'
const nest = (open: string, depth: number, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth)

/** Whether a value holds a key that decodeJson refuses. */
function isReaching(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, item]) => key === '__proto__' || key === 'constructor' || isReaching(item))
}

describe('what was JSON', () => {
  test('is read as JSON.parse reads it', () => {
    const values = fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.array(anyText)).filter((value) => !isReaching(value))
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value)
        expect(decodeJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test.each<[string, string, unknown]>([
    ['brackets in a string', `"${'['.repeat(100)}"`, '['.repeat(100)],
    ['braces in a key', `{"${'{'.repeat(100)}":1}`, { ['{'.repeat(100)]: 1 }],
    ['an escaped quote before brackets', `["\\"${'['.repeat(100)}"]`, [`"${'['.repeat(100)}`]],
    ['an escaped backslash at the end', `["${'\\\\'.repeat(40)}",[1]]`, ['\\'.repeat(40), [1]]],
    ['a backslash, then a quote', `["\\\\\\"${'['.repeat(100)}"]`, [`\\"${'['.repeat(100)}`]],
    ['empty strings', `[${'"",'.repeat(100)}""]`, Array.from({ length: 101 }, () => '')],
    ['many levels side by side', `[${'[],'.repeat(100)}[]]`, Array.from({ length: 101 }, () => [])],
    [
      'a harmless constructor',
      '{"constructor":{"name":"x"},"prototype":1}',
      { constructor: { name: 'x' }, prototype: 1 },
    ],
    ['__proto__ as a value', '["__proto__","prototype"]', ['__proto__', 'prototype']],
    ['a lone surrogate, escaped', '"\\ud800"', '\ud800'],
  ])('%s', (_, text, want) => {
    expect(decodeJson(text)).toEqual(want)
  })
})

describe('depth', () => {
  test.each([
    ['arrays', nest('[', 64, '', ']'), nest('[', 65, '', ']')],
    ['objects', nest('{"a":', 64, '1', '}'), nest('{"a":', 65, '1', '}')],
    ['both', nest('[{"a":', 32, '1', '}]'), nest('[{"a":', 33, '1', '}]')],
    ['after a string with brackets', `["]]]]",${nest('[', 63, '', ']')}]`, `["]]]]",${nest('[', 64, '', ']')}]`],
  ])('of 64 is read, of 65 refused: %s', (_, allowed, refused) => {
    expect(decodeJson(allowed)).toEqual(JSON.parse(allowed))
    expect(() => decodeJson(refused)).toThrow(new MalformedJsonError(tooDeep, 'depth'))
  })

  test.each([
    ['open brackets', '['.repeat(2 ** 20)],
    ['open keys', '{"a":'.repeat(200_000)],
    ['100,000 levels', nest('[', 100_000, '', ']')],
  ])('is refused before anything is built: %s', (_, text) => {
    expect(() => decodeJson(text)).toThrow(new MalformedJsonError(tooDeep, 'depth'))
  })
})

describe('keys that reach a prototype', () => {
  const proto = 'the key "__proto__" is not allowed'
  const reach = 'the key "constructor" is not allowed'

  test.each([
    ['plain', '{"__proto__":{"a":1}}', proto],
    ['null', '{"__proto__":null}', proto],
    ['escaped in part', '{"\\u005f_proto__":1}', proto],
    ['escaped in upper case', '{"__prot\\u006F__":1}', proto],
    ['escaped whole', '{"\\u005f\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":1}', proto],
    ['in an array', '[1,[{"a":{"__proto__":1}}]]', proto],
    ['63 levels down', nest('[', 63, '{"__proto__":1}', ']'), proto],
    ['constructor.prototype', '{"constructor":{"prototype":{"a":1}}}', reach],
    ['constructor.prototype escaped', '{"\\u0063onstructor":{"\\u0070rototype":1}}', reach],
    ['constructor.prototype below', '{"a":[{"constructor":{"prototype":null}}]}', reach],
  ])('are refused: %s', (_, text, message) => {
    expect(() => decodeJson(text)).toThrow(new MalformedJsonError(message, 'key'))
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('are refused wherever they stand, however they are escaped', () => {
    const units = [...'__proto__'].map((unit) =>
      fc.constantFrom(
        unit,
        `\\u00${unit.charCodeAt(0).toString(16)}`,
        `\\u00${unit.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    const key = fc.tuple(...units).map((parts) => parts.join(''))
    fc.assert(
      fc.property(key, fc.integer({ min: 0, max: 60 }), fc.boolean(), (name, depth, isArray) => {
        const [open, close] = isArray ? ['[', ']'] : ['{"x":', '}']
        expect(() => decodeJson(nest(open, depth, `{"${name}":1}`, close))).toThrow(
          new MalformedJsonError(proto, 'key'),
        )
      }),
    )
  })
})

test.each([
  '',
  '{',
  '[1,]',
  "{'a':1}",
  'undefined',
  'NaN',
  '\ufeff{}',
  '"\u0001"',
  `${']'.repeat(100)}${'['.repeat(200)}`,
  `"${'['.repeat(100)}`,
  `[${'\\'.repeat(101)}`,
])('what is no JSON is refused: %j', (text) => {
  expect(() => decodeJson(text)).toThrow(MalformedJsonError)
})

test('says why, and is no SyntaxError of the engine', () => {
  expect(() => decodeJson('{')).toThrow(/^it is not JSON: /)
})

describe('bytes', () => {
  test.each<[string, number[], string]>([
    ['ASCII', [0x7b, 0x7d], '{}'],
    ['two bytes', [0xc3, 0xa9], 'é'],
    ['a BOM, which is kept and so refused as JSON', [0xef, 0xbb, 0xbf, 0x31], '\ufeff1'],
  ])('%s', (_, bytes, want) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBe(want)
  })

  test.each<[string, number[]]>([
    ['a stray byte', [0x22, 0xff, 0x22]],
    ['half a character', [0xc3]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('that are no UTF-8 are refused: %s', (_, bytes) => {
    expect(() => decodeUtf8(Uint8Array.from(bytes))).toThrow(new MalformedJsonError('it is not valid UTF-8'))
  })
})

test('takes time in proportion to the length, whatever the text holds', () => {
  const texts: readonly ((size: number) => string)[] = [
    (size) => '['.repeat(size),
    (size) => `"${'\\"'.repeat(size / 2)}"`,
    (size) => `"${'\\\\'.repeat(size / 2)}"`,
    (size) => `[${'"",'.repeat(size / 3)}""]`,
    (size) => `{${'"prototype":1,'.repeat(size / 14)}"a":1}`,
    (size) => `"${'\\u0041'.repeat(size / 6)}"`,
    (size) => '1'.repeat(size),
    (size) => `[${'[[],{"[":""}],'.repeat(size / 14)}${nest('[', 70, '', ']')}]`,
    (size) => `["${'\\"['.repeat(size / 3)}`,
    (size) => '[{"":'.repeat(3) + '"]",'.repeat(size / 4),
    (size) => '[[]]'.repeat(size / 4),
  ]
  for (const create of texts) {
    const [small, large] = [create(2 ** 16), create(2 ** 20)]
    // 16 times the text; a quadratic reader would need 256 times as long, however often it is measured.
    let growth = Number.POSITIVE_INFINITY
    for (let tries = 0; tries < 10 && growth >= 100; tries++)
      growth = measureMs(large) / Math.max(measureMs(small), 0.1)
    expect(growth).toBeLessThan(100)
  }
})

/** The best of five runs, so that a pause of the machine does not count. */
function measureMs(text: string): number {
  const runs = Array.from({ length: 5 }, () => {
    const beganMs = performance.now()
    try {
      decodeJson(text)
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedJsonError)
    }
    return performance.now() - beganMs
  })
  return Math.min(...runs)
}
