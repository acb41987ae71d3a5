import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Deadline, Deadlines } from '../../../../runtime/call/scope/deadlines.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A deadline that writes down its name when its time has come. */
function createDeadline(name: string, inMs: number, expired: string[]): Deadline {
  return { expiresAtMs: performance.now() + inMs, expire: () => expired.push(name) }
}

describe('deadlines', () => {
  test('expire once each, at their time, in whatever order they came', () => {
    const deadlines = new Deadlines()
    const expired: string[] = []
    for (const [name, inMs] of [
      ['c', 30],
      ['a', 10],
      ['d', 40],
      ['b', 20],
    ] as const) {
      deadlines.add(createDeadline(name, inMs, expired))
    }
    vi.advanceTimersByTime(9)
    expect(expired).toEqual([])
    vi.advanceTimersByTime(1)
    expect(expired).toEqual(['a'])
    vi.advanceTimersByTime(25)
    expect(expired).toEqual(['a', 'b', 'c'])
    vi.advanceTimersByTime(1_000)
    expect(expired).toEqual(['a', 'b', 'c', 'd'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that were removed never expire', () => {
    const deadlines = new Deadlines()
    const expired: string[] = []
    const first = createDeadline('first', 10, expired)
    const second = createDeadline('second', 20, expired)
    deadlines.add(first)
    deadlines.add(second)
    deadlines.remove(first)
    vi.advanceTimersByTime(20)
    expect(expired).toEqual(['second'])
  })

  test('share one timer, however many they are', () => {
    const deadlines = new Deadlines()
    const expired: string[] = []
    for (let index = 0; index < 1_000; index++)
      deadlines.add(createDeadline(String(index), 100 - (index % 50), expired))
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(100)
    expect(expired).toHaveLength(1_000)
  })

  test('an earlier one that comes later is not late', () => {
    const deadlines = new Deadlines()
    const expired: string[] = []
    deadlines.add(createDeadline('late', 30_000, expired))
    deadlines.add(createDeadline('early', 5, expired))
    vi.advanceTimersByTime(5)
    expect(expired).toEqual(['early'])
  })

  test('one that has passed already expires at once, but never inside add', () => {
    const deadlines = new Deadlines()
    const expired: string[] = []
    deadlines.add(createDeadline('past', -5, expired))
    expect(expired).toEqual([])
    vi.advanceTimersByTime(1)
    expect(expired).toEqual(['past'])
  })

  test('one over the longest time of a timer waits its whole time', () => {
    const deadlines = new Deadlines()
    const expired: string[] = []
    deadlines.add(createDeadline('far', 2 ** 31 + 1_000, expired))
    vi.advanceTimersByTime(2 ** 31)
    expect(expired).toEqual([])
    vi.advanceTimersByTime(1_000)
    expect(expired).toEqual(['far'])
  })

  test('may be added and removed while one expires', () => {
    const deadlines = new Deadlines()
    const expired: string[] = []
    const second = createDeadline('second', 20, expired)
    const first: Deadline = {
      expiresAtMs: performance.now() + 10,
      expire: () => {
        expired.push('first')
        deadlines.remove(second)
        deadlines.add(createDeadline('third', 5, expired))
      },
    }
    deadlines.add(first)
    deadlines.add(second)
    vi.advanceTimersByTime(100)
    expect(expired).toEqual(['first', 'third'])
  })

  test('leave no timer after close, and expire no more', () => {
    const deadlines = new Deadlines()
    const expired: string[] = []
    deadlines.add(createDeadline('a', 10, expired))
    deadlines.close()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(100)
    expect(expired).toEqual([])
  })

  test('expire exactly where they were not removed before, in any order of both', () => {
    const steps = fc.array(
      fc.record({ inMs: fc.integer({ min: 1, max: 50 }), removeInMs: fc.integer({ min: 0, max: 60 }) }),
    )
    fc.assert(
      fc.property(steps, (plan) => {
        const deadlines = new Deadlines()
        const expired: string[] = []
        for (const [index, { inMs, removeInMs }] of plan.entries()) {
          const deadline = createDeadline(String(index), inMs, expired)
          deadlines.add(deadline)
          setTimeout(() => deadlines.remove(deadline), removeInMs)
        }
        vi.advanceTimersByTime(100)
        const names = [...plan.keys()]
        const certain = names.filter((index) => (plan[index]?.removeInMs ?? 0) > (plan[index]?.inMs ?? 0)).map(String)
        const possible = names.filter((index) => (plan[index]?.removeInMs ?? 0) >= (plan[index]?.inMs ?? 0)).map(String)
        expect(expired).toEqual(expect.arrayContaining(certain))
        expect(possible).toEqual(expect.arrayContaining(expired))
        expect(vi.getTimerCount()).toBe(0)
      }),
    )
  })
})

describe('the timer keeps the process alive', () => {
  const isKept = (): boolean => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length > before
  let before = 0

  beforeEach(() => {
    vi.useRealTimers()
    before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  })

  test('while some call waits, and not when none does', () => {
    const deadlines = new Deadlines()
    const [first, second] = [createDeadline('a', 60_000, []), createDeadline('b', 90_000, [])]
    deadlines.add(first)
    expect(isKept()).toBe(true)
    deadlines.add(second)
    deadlines.remove(first)
    expect(isKept()).toBe(true)
    deadlines.remove(second)
    expect(isKept()).toBe(false)
    deadlines.remove(second)
    deadlines.add(second)
    expect(isKept()).toBe(true)
    deadlines.close()
    expect(isKept()).toBe(false)
  })
})
