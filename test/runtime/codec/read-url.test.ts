import { describe, expect, test } from 'vitest'
import { readUrl } from '../../../runtime/codec/read-url.js'
import { SCALAR_CODECS } from '../../../runtime/codec/scalar-codecs.js'

const long = 'a'.repeat(257)
const fits = 'a'.repeat(256)

describe('a text that says a URL', () => {
  test.each([
    `http://${fits}`,
    `http://${fits}/${long}?${long}#${long}`,
    `http://${long}@${fits}/`,
    `http:${fits}?${long}`,
    `data:image/png;base64,${long}`,
    `mailto:${long}@example.org`,
    `file:///${long}`,
    `file:/${long}`,
    `tag://${fits}/${long}`,
  ])('is read: %s', (text) => {
    expect(readUrl(text)?.href).toBe(new URL(text).href)
  })

  test.each([
    `http://${long}`,
    `HTTPS:${long}`,
    `ftp:\\/\\${long}/`,
    `\0 ws:///${long}?`,
    `wss://a@b@${long}#`,
    `h\ntt\tp://${long}`,
    `http://${'a\n'.repeat(257)}`,
    `file:\\/${long}`,
    `tag://${long}`,
    `http://a:${'0'.repeat(254)}80`,
  ])('is refused for its long host: %j', (text) => {
    expect(URL.canParse(text)).toBe(true)
    expect(readUrl(text)).toBeUndefined()
  })

  test.each([
    `http://${'ä'.repeat(56)}.${'ö'.repeat(56)}.${'ü'.repeat(56)}.${'ß'.repeat(56)}.example`,
    `http://${'本.'.repeat(40)}aa`,
    `tag://${'ä'.repeat(60)}`,
    `tag://${'\ufdfa'.repeat(40)}`,
  ])('is refused for its host as the URL standard serialises it: %s', (text) => {
    expect(text.length).toBeLessThan(256)
    expect(new URL(text).host.length).toBeGreaterThan(256)
    expect(readUrl(text)).toBeUndefined()
  })

  test.each(['a', 'ä', '本.', '\u0133.', 'a.', '%61'])(
    'is either refused or written and read again: hosts of %s',
    (part) => {
      const urls = Array.from({ length: 300 }, (_, count) => readUrl(`https://${part.repeat(count + 1)}`))
      const read = urls.filter((url) => url !== undefined)
      expect(read).not.toEqual([])
      expect(read.map((url) => readUrl(url.href)?.href)).toEqual(read.map(({ href }) => href))
      expect(read.map((url) => SCALAR_CODECS.url.encode(url as never, ''))).toEqual(read.map(({ href }) => href))
    },
  )

  test('takes no longer for marks that the parser would have to sort', () => {
    const beganAtMs = performance.now()
    expect(readUrl(`http://a${'\u0301\u0316'.repeat(200_000)}`)).toBeUndefined()
    expect(performance.now() - beganAtMs).toBeLessThan(1_000)
  })
})
