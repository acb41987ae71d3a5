import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RateLimits } from '../../../runtime/events/rate-limits.js'

let limits: RateLimits

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  limits = new RateLimits(2)
})
afterEach(() => {
  vi.useRealTimers()
})

test('each may do it as often as is said in a second, and again in the next', () => {
  expect(['a', 'a', 'a', 'b'].map((id) => limits.take(id))).toEqual([true, true, false, true])
  vi.advanceTimersByTime(1_000)
  expect(limits.take('a')).toBe(true)
})

test('whoever takes turns under made-up names may do it no more often than 1,024 can, twice each', () => {
  const ids = Array.from({ length: 1_100 }, (_, index) => `made up ${index}`)
  const turns = Array.from({ length: 10 }, () => ids).flat()
  expect(turns.filter((id) => limits.take(id))).toHaveLength(2 * 1_024)
})
