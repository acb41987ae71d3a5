import { describe, expect, test } from 'vitest'
import { encodeBody } from '../../../../runtime/transport/http/encode-body.js'
import { encodeText } from '../../../../runtime/transport/http/encode-text.js'

const TEXTS: [string, string][] = [
  ['nothing', ''],
  ['ASCII', '{"sum":3}'],
  ['Latin-1', '{"city":"Köln"}'],
  ['beyond Latin-1', '{"city":"Łódź","sign":"€","face":"😀"}'],
  ['half a pair', 'a\ud83d'],
  ['a long text', 'x'.repeat(100_000)],
  ['a long text beyond ASCII', 'é€'.repeat(50_000)],
  ['as long as a copy may be', '€'.repeat(5_461)],
  ['longer by one', '€'.repeat(5_462)],
]

describe.each(TEXTS)('%s', (_, text) => {
  const want = Buffer.from(text)

  test('is written as UTF-8 behind a head', () => {
    const encoded = encodeText(text)
    expect(encoded.bytes).toBe(want.length)
    expect(Buffer.from(encoded.text, encoded.encoding).equals(want)).toBe(true)
  })

  test('is a body in UTF-8', () => {
    expect(encodeBody(text).equals(want)).toBe(true)
  })
})

test('bodies that share memory keep what is theirs', () => {
  const texts = Array.from({ length: 200 }, (_, index) => `${index}${'é'.repeat(index * 10)}`)
  const bodies = texts.map(encodeBody)
  expect(bodies.map(String)).toEqual(texts)
})
