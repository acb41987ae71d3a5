import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RetryBudgets } from '../../../../runtime/call/repeats/retry-budgets.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const count = (budgets: RetryBudgets, target: string, callsMade: number): number => {
  let taken = 0
  while (budgets.take(target, callsMade)) taken++
  return taken
}

test('each target has 1,000 repeats saved up, ten more each second, and one for every fifth call', () => {
  const budgets = new RetryBudgets()
  expect(count(budgets, 'a', 0)).toBe(1_000)
  expect(count(budgets, 'b', 0)).toBe(1_000)
  vi.advanceTimersByTime(3_000)
  expect(count(budgets, 'a', 0)).toBe(30)
  expect(count(budgets, 'a', 50)).toBe(10)
  vi.advanceTimersByTime(1_000_000)
  expect(count(budgets, 'a', 1_000_000)).toBe(1_000)
})

test('of more than 256 targets those are forgotten that failed first', () => {
  const budgets = new RetryBudgets()
  for (const target of ['first', 'second']) count(budgets, target, 0)
  for (let index = 0; index < 255; index++) budgets.take(`${index}`, 0)
  expect([budgets.take('second', 0), budgets.take('first', 0)]).toEqual([false, true])
})
