import { fullFormats } from 'ajv-formats/dist/formats.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formats } from '../../../runtime/validation/formats.js'

const TRICKY: Readonly<Record<string, readonly string[]>> = {
  date: [
    '2024-02-29',
    '2023-02-29',
    '2000-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-04-31',
    '2024-1-01',
    '2024-01-00',
    '',
  ],
  time: [
    '23:59:60Z',
    '23:59:60+00:00',
    '00:59:60+01:00',
    '22:59:60Z',
    '12:00:00',
    '12:00:00.5z',
    '24:00:00Z',
    '12:00:61Z',
    '12:00:00+24:00',
    '12:00:00+0130',
    '12:00:00-01',
  ],
  'date-time': [
    '2024-02-29T23:59:60Z',
    '2024-02-29 12:00:00Z',
    '2024-02-29t12:00:00z',
    '2024-02-29T12:00:00',
    '2024-02-29TT12:00:00Z',
    '2024-02-29',
  ],
  'iso-time': ['12:00:00', '12:00:00Z', '12:00:00+01', '25:00:00'],
  'iso-date-time': ['2024-02-29T12:00:00', '2024-02-29 12:00:00+01:00', '2024-02-30T12:00:00'],
  uri: [
    'http://example.com:8080/a/b?c=d#e',
    'http://user:pass@[::1]:80/',
    'http://[::ffff:1.2.3.4]',
    'http://[1:2:3:4:5:6:7::]',
    'http://[1:2:3:4:5:6:7:8:9]',
    'http://[v1.a:b]',
    'http://[::1',
    'mailto:a@b',
    'urn:isbn:1',
    'a:',
    'a:/',
    'a://',
    'a:b c',
    '//host',
    '/path',
    'http://a/%zz',
    'http://a/%20',
    'HTTP://A',
    '1a:b',
    'a:"',
    'http://a:b',
    'http://ä',
  ],
  url: [
    'http://a.aa',
    'HTTPS://A.AA:80/b c',
    'HTTPS://A.AA:80/b?c#d',
    'http\u017f://a.aa',
    'ftp://user:pass@a-b.example:65535/',
    'http://@a.aa',
    'http://a@@b.cc',
    'http://a/b@c.dd',
    'http://a/b@c.dd/e@f',
    'http://a.aa/b@c',
    'http://a.aa/\n',
    'http://a b@c.dd',
    'http://a.aa?b',
    'http://a.aa#b',
    'http://a.aa:1',
    'http://a.aa:123456',
    'http://-a.aa',
    'http://a-.aa',
    'http://a--b.aa',
    'http://a.aa.',
    'http://a.a1',
    'http://a',
    'http://ä.öü/ß',
    'http://\u{1f4e6}.aa',
    'http://\u{1f4e6}@a.aa',
    'http://\ud83d.aa',
    'http://1.2.3.4:80/',
    'http://1.2.3.0',
    'http://10.0.0.1',
    'http://10.0.0.1@a.aa',
    'http://127.1.2.3',
    'http://192.168.1.2',
    'http://169.254.1.2',
    'http://172.16.1.2',
    'http://172.32.1.2',
    'http://224.1.2.3',
    'http://[::1]/',
    'ws://a.aa',
    'http:/a.aa',
    '',
  ],
  ipv6: [
    '',
    ':',
    '::',
    ':::',
    '::1',
    '1::',
    '1:',
    ':1',
    ':1::',
    '::1:',
    '1::2::3',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '1:2:3::4:5:6:7:8',
    'ABCD:ef01::',
    '12345::',
    'g::',
    '::1.2.3.4',
    '1:2:3:4:5:6:1.2.3.4',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1:2:3:4:5::1.2.3.4',
    '1:2:3:4:5:6::1.2.3.4',
    '1::2:3:4:5:1.2.3.4',
    '1.2.3.4',
    '::1.2.3.256',
    '::01.2.3.4',
    '::a.2.3.4',
    '::1.2.3',
    '::1.2.3.4:5',
    '::.1.2.3',
    '::1%eth0',
    '::1\n',
  ],
  regex: ['a', '[', '(?<a>b)', 'a\\Z', '\\Z', '\\-', '^\\d+$', '(?<=a)b'],
  byte: ['', 'AAAA', 'AAA=', 'AA==', 'A===', 'AAAAA', 'AA=A', 'AA-_', '='],
}

const SHAPED: Readonly<Record<string, fc.Arbitrary<string>>> = {
  date: fc.stringMatching(/^\d{4}-[01]\d-[0-3]\d$/),
  time: fc.stringMatching(/^[0-2]\d:[0-6]\d:[0-6]\d(\.\d)?(z|[+-][0-2]\d:[0-6]\d)?$/),
  'date-time': fc.stringMatching(/^20\d\d-[01]\d-[0-3]\d[Tt ][0-2]\d:[0-6]\d:[0-6]\d(Z|[+-][0-2]\d:?[0-6]\d)?$/),
  'iso-time': fc.stringMatching(/^[0-2]\d:[0-6]\d:[0-6]\d(z|[+-][0-2]\d)?$/),
  'iso-date-time': fc.stringMatching(/^20\d\d-[01]\d-[0-3]\d[T ][0-2]\d:[0-6]\d:[0-6]\dZ?$/),
  ipv6: fc.oneof(fc.ipV6(), fc.stringMatching(/^(::)?([1a]{1,5}:{1,2}){0,8}([1a]|1\.2\.3\.4)?$/)),
  uri: fc.oneof(
    fc.webUrl(),
    fc.stringMatching(/^[a-z]:(\/\/?)?([a-z@:[\]%2f"?#/]{0,12})$/),
    fc.ipV6().map((ip) => `a://[${ip}]`),
  ),
  url: fc.oneof(
    fc.webUrl(),
    fc.stringMatching(/^(http|https|ftp):\/\/([ab1.:@/ä-]{0,16}|[ab1.:@/-]{0,8}b\.aa[:/@1 ]{0,4})$/),
    fc.ipV4().map((ip) => `http://${ip}/`),
  ),
  regex: fc.stringMatching(/^[a\\Z()[\]?<>+*-]{0,6}$/),
  byte: fc.oneof(fc.base64String(), fc.stringMatching(/^[A=+/-]{0,9}$/)),
}

function askAjv(name: string, text: string): unknown {
  const format = (fullFormats as Readonly<Record<string, unknown>>)[name]
  const validate = typeof format === 'object' && format !== null && 'validate' in format ? format.validate : format
  if (validate instanceof RegExp) return validate.test(text)
  return Boolean((validate as (text: string) => unknown)(text))
}

describe.each(Object.keys(formats))('the format %s', (name) => {
  test.each(TRICKY[name] ?? [])('says of %j what ajv-formats says', (text) => {
    expect(formats[name]?.(text)).toBe(askAjv(name, text))
  })

  test('says of generated texts what ajv-formats says', () => {
    fc.assert(
      fc.property(fc.oneof(SHAPED[name] as fc.Arbitrary<string>, fc.string()), (text) => {
        expect(formats[name]?.(text)).toBe(askAjv(name, text))
      }),
      { numRuns: 300, seed: 1 },
    )
  })
})

test('byte looks at the whole text, where ajv-formats is content with one line', () => {
  expect([formats['byte']?.('!!!\nAAAA'), askAjv('byte', '!!!\nAAAA')]).toEqual([false, true])
})

test('url refuses hosts of more than 256 units, where ajv-formats takes them of any length', () => {
  const name = (length: number): string => `${'a'.repeat(length - 3)}.aa`
  const texts = [name(256), name(257), `${name(253)}:80`, `${name(254)}:80`, `${name(257)}@${name(256)}`]
  expect(texts.map((host) => formats['url']?.(`http://${host}/`))).toEqual([true, false, true, false, true])
  expect(texts.map((host) => askAjv('url', `http://${host}/`))).toEqual([true, true, true, true, true])
})
