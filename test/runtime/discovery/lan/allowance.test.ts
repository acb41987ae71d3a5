import { beforeEach, expect, test } from 'vitest'
import { Allowance } from '../../../../runtime/discovery/lan/allowance.js'

let allowance: Allowance
beforeEach(() => {
  allowance = new Allowance()
})
const take = (source: string, times: number, nowMs: number): number =>
  Array.from({ length: times }, () => allowance.take(source, nowMs)).filter(Boolean).length

test('a source that announces thousands has 33 of them greeted in four seconds', () => {
  expect(take('a', 5_000, 0)).toBe(33)
  expect(take('a', 5_000, 3_999)).toBe(0)
  expect(take('a', 5_000, 4_000)).toBe(32)
})

test('whoever comes is greeted, though others have taken all that there is for those who are known', () => {
  for (let source = 0; source < 100; source++) take(`flood ${source}`, 10, source)
  expect(take('a', 1, 100)).toBe(1)
  expect(take('a', 1, 100)).toBe(0)
})

test('no more are under way than a socket has room for, whoever announced them', () => {
  let taken = 0
  for (let source = 0; source < 10_000; source++) taken += take(`flood ${source}`, 10, source / 3)
  expect(taken).toBe(112 + 32)
  expect(take('a', 1, 4_100)).toBe(1)
})
