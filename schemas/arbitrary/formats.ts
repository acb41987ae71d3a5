import { type Arbitrary, fc } from './fast-check.js'

const dates = fc.date({
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
})
const moments = dates.map((date) => date.toISOString())
const zones = fc.constantFrom('Z', '+00:00', '-05:30', '+14:00')
const counts = fc.nat({ max: 99 })
const words = fc.stringMatching(/^[a-z0-9]{1,8}$/)
const pointers = fc.array(words, { maxLength: 4 }).map((keys) => keys.map((key) => `/${key}`).join(''))
const identifiers = fc.uuid()

/** Texts of each format that netgen knows. */
export const FORMATS: ReadonlyMap<string, Arbitrary<string>> = new Map([
  ['binary', fc.string()],
  ['byte', fc.base64String()],
  ['date', moments.map((moment) => moment.slice(0, 10))],
  ['date-time', fc.tuple(moments, zones).map(([moment, zone]) => moment.slice(0, -1) + zone)],
  ['duration', fc.tuple(counts, counts, counts).map(([days, hours, minutes]) => `P${days}DT${hours}H${minutes}M`)],
  ['email', fc.stringMatching(/^[a-z0-9]{1,8}(?:\.[a-z0-9]{1,8})?@[a-z]{1,8}\.(?:com|org)$/)],
  ['hostname', fc.domain()],
  ['ipv4', fc.ipV4()],
  ['ipv6', fc.ipV6()],
  ['iso-date-time', moments],
  ['iso-time', moments.map((moment) => moment.slice(11))],
  ['json-pointer', pointers],
  ['json-pointer-uri-fragment', pointers.map((pointer) => `#${pointer}`)],
  ['password', fc.string()],
  ['regex', fc.constantFrom('', 'a', '^a+$', '[a-z]*', '(?:a|b)\\d', '\\u0041')],
  ['relative-json-pointer', fc.tuple(counts, pointers).map(([up, pointer]) => `${up}${pointer}`)],
  ['time', fc.tuple(moments, zones).map(([moment, zone]) => moment.slice(11, -1) + zone)],
  ['uri', fc.webUrl({ withQueryParameters: true, withFragments: true })],
  ['uri-reference', fc.oneof(fc.webUrl(), pointers, words)],
  ['uri-template', fc.tuple(fc.webUrl(), words).map(([url, name]) => `${url}{?${name}}`)],
  ['url', fc.tuple(words, words).map(([host, path]) => `https://${host}.example/${path}`)],
  ['uuid', identifiers],
])
