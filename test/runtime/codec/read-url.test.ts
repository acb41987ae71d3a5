import { describe, expect, test } from 'vitest'
import { readUrl } from '../../../runtime/codec/read-url.js'

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

  test('takes no longer for marks that the parser would have to sort', () => {
    const beganAtMs = performance.now()
    expect(readUrl(`http://a${'\u0301\u0316'.repeat(200_000)}`)).toBeUndefined()
    expect(performance.now() - beganAtMs).toBeLessThan(1_000)
  })
})
