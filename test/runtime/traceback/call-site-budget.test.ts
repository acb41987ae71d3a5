import { expect, test } from 'vitest'
import { CallSiteBudget } from '../../../runtime/traceback/call-site-budget.js'

/** How many of the calls that are made at these times are captured. */
function countTaken(budget: CallSiteBudget, timesMs: readonly number[]): number {
  return timesMs.filter((atMs) => budget.take(atMs)).length
}

test('twenty calls at once are captured, the next ones not', () => {
  const budget = new CallSiteBudget()
  expect(countTaken(budget, Array(30).fill(1_000))).toBe(20)
  expect(countTaken(budget, [1_001.9, 1_002, 1_002.1])).toBe(1)
})

test('of ten thousand calls a second five hundred are captured', () => {
  const timesMs = Array.from({ length: 100_000 }, (_, index) => index / 10)
  expect(countTaken(new CallSiteBudget(), timesMs)).toBeGreaterThanOrEqual(5_000)
  expect(countTaken(new CallSiteBudget(), timesMs)).toBeLessThanOrEqual(5_020)
})

test('of four hundred calls a second all are', () => {
  const timesMs = Array.from({ length: 1_000 }, (_, index) => index * 2.5)
  expect(countTaken(new CallSiteBudget(), timesMs)).toBe(1_000)
})

test('who made none for a while has no more than twenty saved', () => {
  const budget = new CallSiteBudget()
  budget.take(0)
  expect(countTaken(budget, Array(30).fill(60_000))).toBe(20)
})
