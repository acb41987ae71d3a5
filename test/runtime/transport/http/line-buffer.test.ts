import { expect, test } from 'vitest'
import { LineBuffer } from '../../../../runtime/transport/http/line-buffer.js'

test('a line in many parts is joined in a time that grows with its length', () => {
  const lines = new LineBuffer()
  for (let part = 0; part < 160_000; part++) lines.push(Buffer.from('x'))
  const beganAtMs = performance.now()
  expect(lines.take()).toBeUndefined()
  lines.push(Buffer.from('y\nz'))
  expect(lines.take()).toHaveLength(160_001)
  expect(lines.take()).toBeUndefined()
  expect([lines.bytes, lines.partBytes]).toEqual([1, 1])
  // Moving all parts for each took some 20 s.
  expect(performance.now() - beganAtMs).toBeLessThan(2_000)
})

test('lines of one chunk come one by one, and what is behind them waits', () => {
  const lines = new LineBuffer()
  lines.push(Buffer.from('a\n\nb'))
  lines.push(Buffer.from('c\n'))
  expect([lines.take(), lines.take(), lines.take(), lines.take()].map(String)).toEqual(['a', '', 'bc', 'undefined'])
  lines.push(Buffer.from('d\ne'))
  lines.clear()
  lines.push(Buffer.from('f\n'))
  expect(String(lines.take())).toBe('f')
})
