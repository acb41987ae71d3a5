import { describe, expect, test } from 'vitest'
import { type CallRaw, callOverHttp, callOverSession, TRANSPORTS } from './call-raw.js'
import { useVictim } from './use-victim.js'

const victim = useVictim()

const nest = (open: string, levels: number, inner: string, close: string): string =>
  open.repeat(levels) + inner + close.repeat(levels)

describe.each(TRANSPORTS)('over %s', (_, call) => {
  const refused = (problem: string) => ({
    code: 'invalid_argument',
    message: `input of schema.echo is refused: ${problem}`,
  })
  const echo = (input: string | Buffer): ReturnType<CallRaw> => call(victim(), 'schema.echo', input)

  describe.each([0, 1, 30, 61])('%i levels down', (levels) => {
    test.each<[string, string, string]>([
      ['__proto__', '{"__proto__":{"isAdmin":true}}', 'the key "__proto__" is not allowed'],
      ['__proto__ that is null', '{"__proto__":null}', 'the key "__proto__" is not allowed'],
      ['__proto__ with an escape', '{"__pr\\u006fto__":{"isAdmin":true}}', 'the key "__proto__" is not allowed'],
      ['constructor.prototype', '{"constructor":{"prototype":{"a":1}}}', 'the key "constructor" is not allowed'],
      [
        'constructor.prototype escaped',
        '{"\\u0063onstructor":{"prototyp\\u0065":1}}',
        'the key "constructor" is not allowed',
      ],
    ])('%s is refused, and nothing runs', async (_key, text, problem) => {
      expect(await echo(nest('[', levels, text, ']'))).toEqual(refused(problem))
      expect(await echo(nest('{"a":', levels, text, '}'))).toEqual(refused(problem))
    })
  })

  test.each<[string, string]>([
    ['65 arrays', nest('[', 65, '', ']')],
    ['65 objects', nest('{"a":', 65, '1', '}')],
    ['1,000 levels', nest('[', 1_000, '', ']')],
    ['100,000 levels', nest('[{"a":', 50_000, '1', '}]')],
    ['1 MiB of brackets', '['.repeat(1_048_576 - 64)],
    ['1 MiB of open keys', '{"a":'.repeat(209_700)],
  ])('%s are refused, and nothing runs', async (_name, text) => {
    expect(await echo(text)).toEqual(refused('it is deeper than 64 levels'))
  })

  test.each<[string, string]>([
    ['90,000 keys', `{${Array.from({ length: 90_000 }, (_name, index) => `"${index + 10_000}":0`)}}`],
    ['80,000 objects of a key each', `[${Array.from({ length: 80_000 }, (_name, index) => `{"${index}":0}`)}]`],
    ['1 MiB of empty objects', `[${Array(349_000).fill('{}')}]`],
  ])('%s are refused before they are parsed, and nothing runs', async (_name, text) => {
    const problem = 'its different keys, shapes of objects and nested values count more than 40000: send it in parts'
    expect(await echo(text)).toEqual({
      code: 'resource_exhausted',
      message: `input of schema.echo is refused: ${problem}`,
    })
  })

  test.each<[string, string, unknown]>([
    ['64 levels', nest('[', 64, '', ']'), JSON.parse(nest('[', 64, '', ']'))],
    ['the largest whole number', '9007199254740991', 9_007_199_254_740_991],
    ['half a surrogate pair', '"\\ud800"', '\ud800'],
    [
      'a harmless constructor',
      '{"constructor":{"name":"x"},"toString":2}',
      { constructor: { name: 'x' }, toString: 2 },
    ],
  ])('%s come back as they were', async (_name, text, output) => {
    expect(await echo(text)).toEqual({ output })
    expect(victim().ran.splice(0)).toEqual(['echo'])
  })

  test.each<[string, string, string, string]>([
    [
      'a whole number past 2^53',
      'schema.wait',
      '{"ms":9007199254740993}',
      '/ms is 9007199254740992, expected at most 9007199254740991',
    ],
    ['a number past all doubles', 'schema.add', '{"left":1e999,"right":0}', '/left is Infinity, expected a number'],
    ['a number below all doubles', 'schema.add', '{"left":0,"right":-1e999}', '/right is -Infinity, expected a number'],
    [
      'a number of 1 MiB',
      'schema.add',
      `{"left":1,"right":${'9'.repeat(1_000_000)}}`,
      '/right is Infinity, expected a number',
    ],
  ])('%s is refused, and not rounded', async (_name, tag, text, problem) => {
    expect(await call(victim(), tag, text)).toEqual({
      code: 'invalid_argument',
      message: `input of ${tag} is refused: ${problem}`,
    })
  })

  test('of doubled keys the last counts, in what is checked and in what the handler has', async () => {
    expect(await call(victim(), 'schema.add', '{"left":"x","left":1,"right":2}')).toEqual({ output: 3 })
    expect(victim().ran.splice(0)).toEqual(['add'])
    expect(await call(victim(), 'schema.add', '{"left":1,"right":2,"left":"x"}')).toEqual({
      code: 'invalid_argument',
      message: 'input of schema.add is refused: /left is "x", expected a number',
    })
  })

  test.each(['toString', 'constructor', '__proto__', 'then', 'valueOf', 'hasOwnProperty', 'prototype'])(
    'the tag %j is served by nobody',
    async (tag) => {
      expect(await call(victim(), tag, 'null')).toMatchObject({ code: 'unimplemented' })
      expect(await call(victim(), `schema.${tag}`, 'null')).toMatchObject({ code: 'unimplemented' })
    },
  )
})

test.each<[string, Buffer, string]>([
  ['a byte that is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'it is not valid UTF-8'],
  ['half a character', Buffer.from([0x22, 0xc3, 0x22]), 'it is not valid UTF-8'],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'it is not valid UTF-8'],
  ['a BOM', Buffer.from('\ufeffnull'), 'it is not JSON: '],
])('%s is replaced by nothing: HTTP refuses the input, a session the frame', async (_, bytes, problem) => {
  expect(await callOverHttp(victim(), 'schema.echo', bytes)).toEqual({
    code: 'invalid_argument',
    message: expect.stringContaining(`input of schema.echo is refused: ${problem}`) as string,
  })
  await expect(callOverSession(victim(), 'schema.echo', bytes)).rejects.toThrow(/^the session was closed with 4400 a /)
})
