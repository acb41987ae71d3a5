import { expect, test } from 'vitest'
import { UnsentBytes } from '../../runtime/transport/nats/unsent-bytes.js'

const KIB = 1_024

/** Bytes, and what waits for flushes. */
function createUnsent(): { unsent: UnsentBytes; waiting: (() => void)[] } {
  const waiting: (() => void)[] = []
  return { unsent: new UnsentBytes((listener) => waiting.push(listener)), waiting }
}

test('little is not asked for', () => {
  const { unsent, waiting } = createUnsent()
  for (let message = 0; message < 256; message++) unsent.add(KIB)
  expect([unsent.bytes, waiting.length]).toEqual([256 * KIB, 0])
})

test('what has left is counted off, and what came meanwhile is asked for next, though nothing follows', () => {
  const { unsent, waiting } = createUnsent()
  unsent.add(300 * KIB)
  unsent.add(9_000 * KIB)
  expect(waiting.length).toBe(1)
  waiting.shift()?.()
  expect([unsent.bytes, waiting.length]).toEqual([9_000 * KIB, 1])
  waiting.shift()?.()
  expect([unsent.bytes, waiting.length]).toEqual([0, 0])
})

test('a connection that is lost has nothing that waits, and counts again afterwards', () => {
  const { unsent, waiting } = createUnsent()
  unsent.add(300 * KIB)
  waiting.length = 0
  unsent.clear()
  unsent.add(300 * KIB)
  expect([unsent.bytes, waiting.length]).toEqual([300 * KIB, 1])
})
