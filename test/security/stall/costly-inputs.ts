const MEBIBYTE = 1_048_576

/** An input that is as costly to read as its author could make it, and no longer than 1 MiB. */
export interface CostlyInput {
  readonly what: string
  readonly tag: string
  /** JSON text, or what stands in its place. */
  readonly body: () => string
  /** Whether no limit refuses it, so that all of it has to be read. Default: one may. */
  readonly isLetIn?: boolean
}

/** A part as often as 1 MiB holds it between a beginning and an end; `between` stands between two. */
export function fill(begin: string, part: string | ((index: number) => string), end = '', between = ''): string {
  const parts: string[] = []
  let length = begin.length + end.length
  for (let index = 0; ; index++) {
    const next = typeof part === 'string' ? part : part(index)
    length += Buffer.byteLength(next) + between.length
    if (length > MEBIBYTE) break
    parts.push(next)
  }
  return begin + parts.join(between) + end
}

const inText = (key: string, part: string, end = ''): string => fill(`{${JSON.stringify(key)}:"`, part, `${end}"}`)

const FIRST_WITH_LETTER = Number.parseInt('a0000', 36)
const COUNT_WITH_LETTER = 36 ** 5 - FIRST_WITH_LETTER

/** What no text lately had: a parser knows keys and shapes that it has seen a moment ago. Five characters, the first of them a letter. */
let firstUnlike = 0
const unlike = (index: number): string => (FIRST_WITH_LETTER + ((firstUnlike + index) % COUNT_WITH_LETTER)).toString(36)

/** So many parts, and behind them, up to 1 MiB, texts that all differ. */
function fillBehind(count: number, part: (index: number) => string): string {
  const parts = Array.from({ length: count }, (_, index) => part(index))
  return fill(`[${parts.join(',')},`, (index) => `"${unlike(index)}"`, ']', ',')
}

/** The letters from `a` on in an order of their own for each index, which differs from all others' soon. */
function shuffle(index: number, count: number): string[] {
  const letters = Array.from({ length: count }, (_, at) => String.fromCharCode(0x61 + at))
  let random = Math.imul(firstUnlike + index + 1, 0x9e3779b1) >>> 0
  for (let at = count - 1; at > 0; at--) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((random / 2 ** 32) * (at + 1))
    ;[letters[at], letters[other]] = [letters[other] ?? '', letters[at] ?? '']
  }
  return letters
}

const shuffled = (index: number, count: number): string =>
  `{${shuffle(index, count)
    .map((letter) => `"${letter}":0`)
    .join(',')}}`

/**
 * Texts whose hashes V8 (before the releases of March 2026) has the same for: numbers of up to 24 bits are their own hashes, of which
 * tables of texts take the lowest bits.
 */
const collide = (index: number): string => `"${(index * 2 ** 17) % 2 ** 24}${index}":1`

const JSON_INPUTS: readonly CostlyInput[] = [
  { what: '1 MiB of [', tag: 'costly.take', body: () => fill('', '[') },
  { what: '1 MiB of {', tag: 'costly.take', body: () => fill('', '{"":') },
  {
    what: '64 levels, over and over',
    tag: 'costly.take',
    body: () => fill('[', `${'['.repeat(63)}${']'.repeat(63)}`, ']', ','),
  },
  {
    what: '65 levels at the end',
    tag: 'costly.take',
    body: () => fill('[', '0,', `${'['.repeat(64)}${']'.repeat(64)}]`),
  },
  { what: 'keys', tag: 'costly.take', body: () => fill('{', (index) => `"${unlike(index)}":0`, '}', ',') },
  {
    what: 'keys that are integers',
    tag: 'costly.take',
    body: () => fill('{', (index) => `"${index * 7}":0`, '}', ','),
  },
  {
    what: 'keys that are integers, falling',
    tag: 'costly.take',
    body: () => fill('{', (index) => `"${90_000_000 - index * 97}":0`, '}', ','),
  },
  {
    what: 'keys that are large integers',
    tag: 'costly.take',
    body: () => fill('{', (index) => `"${4_294_967_294 - index}":0`, '}', ','),
  },
  { what: 'keys with the same hash', tag: 'costly.take', body: () => fill('{', collide, '}', ',') },
  { what: 'one key again and again', tag: 'costly.take', body: () => fill('{', '"a":0', '}', ',') },
  {
    what: 'objects with an integer for a key',
    tag: 'costly.take',
    body: () => fill('[', '{"99":0}', ']', ','),
  },
  {
    what: 'objects with an integer behind another key',
    tag: 'costly.take',
    body: () => fill('["prototype",', '{"":0,"9":0}', ']', ','),
  },
  {
    what: 'objects with an integer that is an escape, in each other',
    tag: 'costly.take',
    body: () => fill('["prototype",', `${'{"\\u0039":'.repeat(62)}0${'}'.repeat(62)}`, ']', ','),
  },
  {
    what: 'objects with an integer for a key, and what may reach a prototype',
    tag: 'costly.take',
    body: () => fill('["prototype",', '{"99":0}', ']', ','),
  },
  {
    what: 'objects with an integer for a key, as many as are let in, and texts',
    tag: 'costly.take',
    isLetIn: true,
    body: () => fillBehind(31_900, (index) => (index === 0 ? '"prototype"' : '{"9":0}')),
  },
  {
    what: 'objects with a large integer for a key, as many as are let in, and texts',
    tag: 'costly.take',
    isLetIn: true,
    body: () => fillBehind(31_900, (index) => (index === 0 ? '"prototype"' : '{"4294967294":0}')),
  },
  {
    what: 'two integer keys again and again',
    tag: 'costly.take',
    body: () => fill('{', '"1":0,"4294967294":0', '}', ','),
  },
  {
    what: 'keys of a prototype at the end',
    tag: 'costly.take',
    body: () => fill('[', (index) => `{"${unlike(index)}":{}}`, ',{"__proto__":1}]', ','),
  },
  {
    what: 'keys that nearly reach a prototype',
    tag: 'costly.take',
    body: () => fill('[', '{"constructor":{"prototypes":1}}', ']', ','),
  },
  {
    what: 'objects of one key each',
    tag: 'costly.take',
    body: () => fill('[', (index) => `{"${unlike(index)}":0}`, ']', ','),
  },
  { what: 'empty objects', tag: 'costly.take', body: () => fill('[', '{}', ']', ',') },
  {
    what: 'objects of one key each, as many as are let in, and texts',
    isLetIn: true,
    tag: 'costly.take',
    body: () => fillBehind(17_500, (index) => `{"${unlike(index)}":0}`),
  },
  {
    what: 'objects of ten keys each',
    tag: 'costly.take',
    body: () =>
      fill('[', (index) => `{${Array.from({ length: 10 }, (_, at) => `"${unlike(10 * index + at)}":0`)}}`, ']', ','),
  },
  {
    what: 'objects of ten keys each, as many as are let in, and texts',
    isLetIn: true,
    tag: 'costly.take',
    body: () =>
      fillBehind(1_970, (index) => `{${Array.from({ length: 10 }, (_, at) => `"${unlike(10 * index + at)}":0`)}}`),
  },
  {
    what: 'keys, as many as are let in, and texts',
    isLetIn: true,
    tag: 'costly.take',
    body: () => fillBehind(1, () => `{${Array.from({ length: 39_900 }, (_, index) => `"${unlike(index)}":0`)}}`),
  },
  {
    what: 'keys with escapes',
    tag: 'costly.take',
    body: () => fill('[', (index) => `{"\\u0061${unlike(index)}":0}`, ']', ','),
  },
  {
    what: 'keys far from their colons',
    tag: 'costly.take',
    body: () => fill('[', (index) => `{"${unlike(index)}" :0}`, ']', ','),
  },
  {
    what: 'keys that differ now and then',
    tag: 'costly.take',
    body: () => fill('[', (index) => (index % 3 === 0 ? `{"${unlike(index)}":0}` : '{"":0}'), ']', ','),
  },
  {
    what: 'the same keys in any order',
    tag: 'costly.take',
    body: () => fill('[', (index) => shuffled(index, 26), ']', ','),
  },
  {
    what: 'the same keys in any order, as often as they are let in, and texts',
    isLetIn: true,
    tag: 'costly.take',
    body: () => fillBehind(1_600, (index) => shuffled(index, 26)),
  },
  {
    what: 'few keys in any order, as often as they are let in, and texts',
    isLetIn: true,
    tag: 'costly.take',
    body: () => fillBehind(6_900, (index) => shuffled(index, 10).replace(/,"[^,]*,"[^,]*}/, '}')),
  },
  {
    what: 'the same keys in objects of each size',
    tag: 'costly.take',
    body: () =>
      fill(
        '[',
        (index) => `{${Array.from({ length: 1 + (index % 120) }, (_, at) => `"${(index % 97) + at}k":0`)}}`,
        ']',
        ',',
      ),
  },
  { what: 'empty arrays', tag: 'costly.take', body: () => fill('[', '[]', ']', ',') },
  {
    what: '63 levels, as often as they are let in, and texts',
    isLetIn: true,
    tag: 'costly.take',
    body: () => fillBehind(2_530, () => `${'['.repeat(63)}${']'.repeat(63)}`),
  },
  {
    what: 'empty objects, as many as are let in, and texts',
    isLetIn: true,
    tag: 'costly.take',
    body: () => fillBehind(146_900, () => '{}'),
  },
  {
    what: 'what a prototype may be reached from, as much as is let in',
    isLetIn: true,
    tag: 'costly.take',
    body: () => fillBehind(15_500, (index) => (index === 0 ? '"prototype"' : `{"${unlike(index)}":{}}`)),
  },
  { what: 'a long key', tag: 'costly.take', body: () => fill('{"', 'k', '":1}') },
  { what: 'escapes', tag: 'costly.take', body: () => fill('"', '\\u0041', '"') },
  { what: 'escaped quotes', tag: 'costly.take', body: () => fill('"', '\\"', '"') },
  {
    what: 'backslashes',
    tag: 'costly.take',
    body: () => fill('[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["', '\\\\', ''),
  },
  { what: 'controls that a message would escape', tag: 'costly.say', body: () => fill('"', '\u202e', '"') },
  { what: 'a number of 1 MiB', tag: 'costly.take', body: () => fill('', '7') },
  { what: 'a fraction of 1 MiB', tag: 'costly.take', body: () => fill('0.', '7') },
  { what: 'an exponent of 1 MiB', tag: 'costly.take', body: () => fill('1e', '7') },
  { what: 'numbers', tag: 'costly.take', body: () => fill('[', '1.7976931348623157e308', ']', ',') },
  { what: 'blanks', tag: 'costly.take', body: () => fill('', ' ', '1') },
  { what: 'quotes that nothing closes', tag: 'costly.take', body: () => fill('["', '[', '') },
]

const LIST_INPUTS: readonly CostlyInput[] = [
  {
    what: 'many properties that are not declared',
    tag: 'costly.list',
    body: () => fill('{"id":1,"name":"x",', (index) => `"${unlike(index)}":0`, '}', ','),
  },
  {
    what: 'many properties but for the one that is needed',
    tag: 'costly.list',
    body: () => fill('{"id":1,', (index) => `"nama${unlike(index)}":0`, '}', ','),
  },
  {
    what: 'many short properties but for the one that is needed',
    tag: 'costly.list',
    body: () =>
      fill('{"id":1,', (index) => `"n${index % 10}${String.fromCodePoint(0x4e00 + (index % 20_000))}":0`, '}', ','),
  },
  {
    what: 'a long property that is not declared',
    tag: 'costly.list',
    body: () => fill('{"id":1,"name":"x","', '\u202e', '":0}'),
  },
  {
    what: 'a record',
    tag: 'costly.list',
    body: () => fill('{"id":1,"name":"x","more":{', (index) => `"${unlike(index)}":${index}`, '}}', ','),
  },
  {
    what: 'a record whose last is wrong',
    tag: 'costly.list',
    body: () => fill('{"id":1,"name":"x","more":{', (index) => `"${unlike(index)}":${index}`, ',"last":"wrong"}}', ','),
  },
  {
    what: 'a record of as many as are let in',
    isLetIn: true,
    tag: 'costly.list',
    body: () =>
      `{"id":1,"name":"x","more":{${Array.from({ length: 39_900 }, (_, index) => `"${'k'.repeat(8)}${unlike(index)}":${index}`)}}}`,
  },
  { what: 'a text where an object is meant', tag: 'costly.list', body: () => fill('"', '\u2028', '"') },
  { what: 'an array where an object is meant', tag: 'costly.list', body: () => fill('[', '"\\u2028"', ']', ',') },
  { what: 'a text that is too long', tag: 'costly.say', body: () => fill('"', 'a', '"') },
  { what: 'a text of pairs', tag: 'costly.say', body: () => fill('"', '\u{1f4e6}', '"') },
]

const collected = (part: (index: number) => string, many: number): string =>
  `[${Array.from({ length: many }, (_, index) => part(index)).join(',')}]`
const wide = `{${Array.from({ length: 80 }, (_, index) => `"k${index}":0`).join(',')}`

const CHECK_INPUTS: readonly CostlyInput[] = [
  {
    what: '1,000 different objects',
    tag: 'costly.collect',
    body: () => collected((index) => `${wide},"z":${index}}`, 1_000),
  },
  {
    what: '1,000 different objects of other order',
    tag: 'costly.collect',
    body: () => collected((index) => `{"a":${index},${wide.slice(1)}}`, 1_000),
  },
  {
    what: '1,000 different lists',
    tag: 'costly.collect',
    body: () => collected((index) => `[${'0,'.repeat(500)}${index}]`, 1_000),
  },
  {
    what: '1,000 different texts',
    tag: 'costly.collect',
    body: () => collected((index) => `"${'a'.repeat(1_000)}${index}"`, 1_000),
  },
  {
    what: '100,000 different names',
    tag: 'costly.collect',
    body: () => `{"names":${collected((index) => `"${unlike(index)}"`, 100_000)}}`,
  },
  {
    what: '100,000 names with the same hash',
    tag: 'costly.collect',
    body: () => `{"names":${collected((index) => `"${collide(index).split('"')[1]}"`, 60_000)}}`,
  },
  {
    what: 'the last of 8 alternatives, over and over',
    tag: 'costly.choose',
    body: () => fill('[', '{"h":1,"name":"x"}', ']', ','),
  },
  { what: 'none of 8 alternatives', tag: 'costly.choose', body: () => fill('[', '{"h":1,"name":"x"}', ',{}]', ',') },
  { what: 'nothing of 8 alternatives, over and over', tag: 'costly.choose', body: () => fill('[', '0', ']', ',') },
  { what: 'slugs', tag: 'costly.match', body: () => inText('slug', 'a', '!') },
  { what: 'slugs of slugs', tag: 'costly.match', body: () => inText('slug', 'a-', '!') },
  { what: 'words', tag: 'costly.match', body: () => inText('words', 'a ', '!') },
  {
    what: 'texts that nearly match, each in many ways',
    tag: 'costly.match',
    body: () => fill('{"mails":[', `"a@${'.'.repeat(29)}@"`, ']}', ','),
  },
  { what: 'versions', tag: 'costly.match', body: () => inText('version', '1', '!') },
  {
    what: 'labels',
    tag: 'costly.match',
    body: () => fill('{"labels":{', (index) => `"x-${unlike(index)}":"v"`, '}}', ','),
  },
  {
    what: 'as many labels as are let in',
    isLetIn: true,
    tag: 'costly.match',
    body: () => `{"labels":{${Array.from({ length: 39_900 }, (_, index) => `"x-${unlike(index)}":"value"`)}}}`,
  },
  {
    what: 'no labels',
    tag: 'costly.match',
    body: () => fill('{"labels":{', (index) => `"${unlike(index)}":"v"`, '}}', ','),
  },
]

const REVIVED_INPUTS: readonly CostlyInput[] = [
  { what: 'times', tag: 'costly.revive', body: () => fill('{"times":[', '"2026-03-01T12:00:00.000Z"', ']}', ',') },
  { what: 'large sizes', tag: 'costly.revive', body: () => fill('{"sizes":[', `"${'9'.repeat(9_999)}"`, ']}', ',') },
  { what: 'small sizes', tag: 'costly.revive', body: () => fill('{"sizes":[', '"7"', ']}', ',') },
  { what: 'data', tag: 'costly.revive', body: () => inText('data', 'AAAA') },
  { what: 'data that are no base64', tag: 'costly.revive', body: () => inText('data', 'AAAA', '!') },
  { what: 'links', tag: 'costly.revive', body: () => fill('{"links":[', '"http://a"', ']}', ',') },
  { what: 'a long link', tag: 'costly.revive', body: () => fill('{"links":["http://a/', '../', '"]}') },
  { what: 'a long name of a host', tag: 'costly.revive', body: () => fill('{"links":["http://', '\u00fc.', '"]}') },
  {
    what: 'a name of a host with marks in the wrong order',
    tag: 'costly.revive',
    body: () => fill('{"links":["http://a', '\u0301\u0316', '"]}'),
  },
  {
    what: 'names of hosts with marks in the wrong order',
    tag: 'costly.revive',
    body: () => fill('{"links":[', `"http://a${'\u0301\u0316'.repeat(127)}"`, ']}', ','),
  },
  { what: 'ages', tag: 'costly.revive', body: () => fill('{"ages":[', (index) => `["${unlike(index)}",1]`, ']}', ',') },
  {
    what: 'as many tags as are let in',
    isLetIn: true,
    tag: 'costly.revive',
    body: () => `{"tags":${collected((index) => `"${unlike(index)}"`, 100_000)}}`,
  },
  { what: 'tags', tag: 'costly.revive', body: () => fill('{"tags":[', (index) => `"${unlike(index)}"`, ']}', ',') },
]

/** Texts that the expression of each format has to go through for long, by the format's key. */
const FORMAT_PARTS: Readonly<Record<string, readonly (readonly [begin: string, part: string])[]>> = {
  byte: [['', 'AAAA']],
  date: [['', '2026-03-01']],
  dateTime: [
    ['', 't'],
    ['2026-03-01', ' '],
    ['2026-03-01T12:00:00.', '1'],
  ],
  duration: [
    ['P', '1'],
    ['', 'P1Y'],
  ],
  email: [
    ['', 'a'],
    ['', 'a.'],
    ['a@', 'a'],
    ['a@', 'a.'],
    ['a@', 'a-'],
    ['a@a', '--'],
  ],
  hostname: [
    ['', 'a'],
    ['', 'a.'],
    ['', 'a-'],
  ],
  ipv4: [
    ['', '1'],
    ['', '1.'],
  ],
  ipv6: [
    ['', '1:'],
    ['', ':'],
    ['::', '1.'],
  ],
  isoDateTime: [
    ['', 't'],
    ['', ' '],
  ],
  isoTime: [['12:00:00.', '1']],
  jsonPointer: [
    ['', '/a'],
    ['', '/~0'],
  ],
  jsonPointerUriFragment: [
    ['#', '/a'],
    ['#/', '%41'],
  ],
  regex: [
    ['', '('],
    ['', '(?:'],
    ['', '(?='],
    ['', '['],
    ['', 'a|'],
    ['', '(?<a>)'],
    ['', '\\\\Z'],
    ['', 'a{1}'],
  ],
  relativeJsonPointer: [
    ['', '1'],
    ['1', '/a'],
  ],
  time: [['12:00:00.', '1']],
  uri: [
    ['a:', 'a'],
    ['http://', 'a'],
    ['http://', 'a:'],
    ['http://', '%41'],
    ['http://a', '/a'],
    ['a:?', '?'],
    ['a://[', ':'],
  ],
  uriReference: [
    ['', 'a'],
    ['', '/'],
    ['//', 'a@'],
    ['a:', '%41'],
    ['//[', '1:'],
    ['?', '#'],
  ],
  uriTemplate: [
    ['', 'a'],
    ['', '{a}'],
    ['{', 'a,'],
    ['', '{a'],
    ['{a', '%41'],
  ],
  url: [
    ['http://', 'a'],
    ['http://', 'a.'],
    ['http://', 'a-'],
    ['http://a.aa/', 'a'],
    ['http://', '\u00e4'],
    ['http://', '1.'],
    ['http://a/', '::'],
    ['http://', '@'],
    ['http://', '@a.a/'],
    ['http://', ':@'],
    ['http://', 'a:a@'],
    ['http://a.aa', '/@'],
    ['http://a.aa/', 'a@a.aa '],
    ['http://', 'a.aa/@'],
  ],
  uuid: [
    ['', '0'],
    ['', 'urn:uuid:'],
  ],
}

const FORMAT_INPUTS: readonly CostlyInput[] = Object.entries(FORMAT_PARTS).flatMap(([name, texts]) =>
  texts.map(([begin, part]) => ({
    what: `${name}: ${begin}${part}${part}…`,
    tag: 'costly.format',
    body: () => fill(`{"${name}":"${begin}`, part, '!"}'),
  })),
)

/** The text of an input, whose parts no text had before it. */
export function createText({ body }: CostlyInput): string {
  firstUnlike += 200_000
  return body()
}

/** All of them. */
export const COSTLY_INPUTS: readonly CostlyInput[] = [
  ...JSON_INPUTS,
  ...LIST_INPUTS,
  ...CHECK_INPUTS,
  ...REVIVED_INPUTS,
  ...FORMAT_INPUTS,
]
