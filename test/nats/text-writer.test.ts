import { expect, test } from 'vitest'
import { TextWriter } from '../../runtime/transport/nats/text-writer.js'

test('texts are written as UTF-8, whatever was written before', () => {
  const short = ['', 'plain', 'Łódź', '日本', '😀', 'a\ud800b']
  const texts = [
    ...short,
    ...short.map((text) => `${text}${'x'.repeat(2_000)}`),
    ...short.map((text) => text.repeat(40_000)),
  ]
  const writer = new TextWriter()
  const pairs = texts.flatMap((text) => texts.map((next) => [text, next] as const))
  const wrong = pairs.filter(([text, next]) => {
    writer.write(text)
    return !writer.write(next).equals(Buffer.from(next))
  })
  expect(wrong.map((pair) => pair.map((text) => text.slice(0, 9)))).toEqual([])
})
