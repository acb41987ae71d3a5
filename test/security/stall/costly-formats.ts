import { type CostlyInput, fill } from './costly-inputs.js'

/**
 * Texts that pass, so that all of them are looked at, by the property of `costly.formats`: the shortest, and those that take longest for
 * their length.
 */
const FORMAT_TEXTS: Readonly<Record<string, readonly string[]>> = {
  binary: [''],
  byte: ['AA==', 'AAAA'.repeat(25)],
  date: ['2024-02-29'],
  dateTime: ['2024-02-29T23:59:60Z', '2024-02-29t23:59:59.9+00:00'],
  duration: ['P1Y', 'P1Y2M3DT4H5M6S'],
  email: ['a@a.a', `a@${'a-a.'.repeat(25)}a`, 'a.a.a.a.a.a.a.a@a.a'],
  hostname: ['a', `${'a-'.repeat(31)}a.${'a-'.repeat(31)}a`, 'a.'.repeat(126)],
  ipv4: ['0.0.0.0', '255.255.255.255'],
  ipv6: ['::', '1::', '1:2:3:4:5:6:7::', '::ffff:255.255.255.255'],
  isoDateTime: ['2024-02-29T23:59:59', '2024-02-29 23:59:60Z'],
  isoTime: ['00:00:00', '23:59:60.9+00:00'],
  jsonPointer: ['', '/', '/~0~1/~0~1'],
  jsonPointerUriFragment: ['#', '#/', '#/%41~0~1'],
  password: [''],
  relativeJsonPointer: ['0', '0#', '1/~0'],
  time: ['00:00:00Z', '23:59:60.9+00:00'],
  uri: ['a:a', 'a:/', 'a://[::]', 'a://1.1.1.1', `a://${'a:'.repeat(20)}@a`],
  uriReference: ['', '/', 'a', '//[::]', '//1.1.1.1', `//${'a:'.repeat(20)}@a`],
  uriTemplate: ['', '{a}', '{a,a,a:1,%41*}'],
  url: ['http://a.aa', 'ftp://1.1.1.1', `http://${'a-'.repeat(30)}a.aa`, 'http://\u00e4.\u00e4\u00e4'],
  uuid: ['00000000-0000-0000-0000-000000000000', 'urn:uuid:00000000-0000-0000-0000-000000000000'],
  netgenDate: ['2024-02-29T23:59:59.999Z'],
  netgenBigint: ['0', '-9', `${'9'.repeat(1_000)}`],
}

/** Texts of which something is made that takes more than to look at them, as many as their schema lets in. */
const BOUNDED_TEXTS: Readonly<Record<string, readonly [count: number, texts: readonly string[]]>> = {
  regex: [10_000, ['', 'a', '[a]', '(a)', '(?<a>)', '(?=a)'.repeat(15), '\\\\p{L}'.repeat(13)]],
  netgenBytes: [50_000, ['', 'AA==', 'AAAA'.repeat(4)]],
  netgenUrl: [50_000, ['a:', 'http:a', 'http://1', 'http://\u00e4', 'file:']],
}

/** The same beyond that. */
const EXCESS_TEXTS: Readonly<Record<string, readonly string[]>> = { netgenBytes: ['', 'AA=='], netgenUrl: ['a:'] }

const show = (text: string): string => (text.length > 30 ? `${text.slice(0, 30)}\u2026` : text)

/** Arrays of more texts than may become objects. */
export const EXCESS_FORMATS: readonly CostlyInput[] = Object.entries(EXCESS_TEXTS).flatMap(([name, texts]) =>
  texts.map((text) => ({
    what: `as many ${name} ${JSON.stringify(text)}`,
    tag: 'costly.formats',
    body: () => fill(`{"${name}":[`, `"${text}"`, ']}', ','),
  })),
)

/** An array of texts of each format, as long as 1 MiB holds it. */
export const COSTLY_FORMATS: readonly CostlyInput[] = [
  ...Object.entries(FORMAT_TEXTS).flatMap(([name, texts]) =>
    texts.map((text) => ({
      what: `as many ${name} ${JSON.stringify(show(text))}`,
      tag: 'costly.formats',
      body: () => fill(`{"${name}":[`, `"${text}"`, ']}', ','),
    })),
  ),
  ...Object.entries(BOUNDED_TEXTS).flatMap(([name, [count, texts]]) =>
    texts.map((text) => ({
      what: `${count} ${name} ${JSON.stringify(show(text))}`,
      tag: 'costly.formats',
      body: () => `{"${name}":[${Array<string>(count).fill(`"${text}"`).join(',')}]}`,
    })),
  ),
]
