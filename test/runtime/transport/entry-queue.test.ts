import { expect, test } from 'vitest'
import { EntryQueue } from '../../../runtime/transport/entry-queue.js'

test('what is pushed is taken in its order, however many wait', () => {
  const queue = new EntryQueue<number>()
  const taken: (number | undefined)[] = []
  let next = 0
  for (let round = 0; round < 10; round++) {
    for (let count = 0; count < 1_500; count++) queue.push(next++)
    for (let count = 0; count < 700 + 60 * round; count++) {
      expect(queue.first).toBe(taken.length)
      taken.push(queue.take())
    }
  }
  while (!queue.isEmpty) taken.push(queue.take())
  expect(taken).toEqual(Array.from({ length: next }, (_, index) => index))
  expect([queue.take(), queue.first, queue.isEmpty]).toEqual([undefined, undefined, true])
})

test('what was cleared is gone', () => {
  const queue = new EntryQueue<number>()
  for (let number = 0; number < 3; number++) queue.push(number)
  queue.take()
  queue.clear()
  expect([queue.isEmpty, queue.take()]).toEqual([true, undefined])
  queue.push(7)
  expect(queue.take()).toBe(7)
})
