import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTag, encodeTag } from '../../../runtime/wire/tag.js'
import { anyText, wellFormedText } from '../arbitrary-text.js'

const wellFormed = wellFormedText.filter((text) => text !== '')

describe('a tag', () => {
  test.each([
    ['schema.saveNote', 'c2NoZW1hLnNhdmVOb3Rl'],
    ['é', 'w6k'],
    ['😀', '8J-YgA'],
    ['a/b?c#d', 'YS9iP2MjZA'],
    ['__proto__', 'X19wcm90b19f'],
  ])('%j travels as %s', (tag, encoded) => {
    expect(encodeTag(tag)).toBe(encoded)
    expect(decodeTag(encoded)).toBe(tag)
  })

  test('comes back as it was sent, in characters that are safe in URLs and subjects', () => {
    fc.assert(
      fc.property(wellFormed, (tag) => {
        const encoded = encodeTag(tag)
        expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/)
        expect(decodeTag(encoded)).toBe(tag)
      }),
    )
  })

  test.each([
    ['', 'tag is empty: name the connection'],
    ['x'.repeat(513), 'tag has 513 bytes, at most 512 are allowed: shorten it'],
    ['é'.repeat(257), 'tag has 514 bytes, at most 512 are allowed: shorten it'],
    ['a\ud800', 'tag holds a lone surrogate: remove it'],
    ['\udc00', 'tag holds a lone surrogate: remove it'],
  ])('%j is refused', (tag, message) => {
    expect(() => encodeTag(tag)).toThrow(new RangeError(message))
  })

  test('of 512 bytes is the longest, below 700 characters when encoded', () => {
    const encoded = encodeTag('x'.repeat(512))
    expect(encoded.length).toBeLessThan(700)
    expect(decodeTag(encoded)).toBe('x'.repeat(512))
  })
})

describe('a text that encodeTag does not make', () => {
  test.each([
    ['nothing', ''],
    ['padding', 'w6k='],
    ['standard base64', '8J+YgA'],
    ['a character of neither', 'w6k.'],
    ['a blank', 'w6k '],
    ['surplus bits', 'w6l'],
    ['half a byte', 'w'],
    ['no UTF-8', Buffer.from([0xff, 0xfe]).toString('base64url')],
    ['UTF-8 of a surrogate', Buffer.from([0xed, 0xa0, 0x80]).toString('base64url')],
    ['an overlong form', Buffer.from([0xc0, 0xaf]).toString('base64url')],
    ['513 bytes', Buffer.from('x'.repeat(513)).toString('base64url')],
  ])('is no tag: %s', (_, encoded) => {
    expect(decodeTag(encoded)).toBeUndefined()
  })

  test('decodes to nothing, or to what encodes to it again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tag = decodeTag(text)
        expect(tag === undefined || encodeTag(tag) === text).toBe(true)
      }),
    )
  })
})
