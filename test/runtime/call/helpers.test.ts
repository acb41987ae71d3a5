import { describe, expect, test } from 'vitest'
import { mapConcurrently } from '../../../runtime/call/map-concurrently.js'
import { checkTimeoutMs } from '../../../runtime/call/scope/timeouts.js'

describe('mapping with a width', () => {
  test.each([
    [0, 4],
    [1, 4],
    [10, 1],
    [10, 3],
    [10, 100],
  ])('keeps the order of %i items, at most %i under way', async (length, width) => {
    let underWay = 0
    let most = 0
    const items = Array.from({ length }, (_, index) => index)
    const results = await mapConcurrently(items, width, async (item) => {
      most = Math.max(most, ++underWay)
      for (let tick = 0; tick <= (item * 7) % 5; tick++) await Promise.resolve()
      underWay--
      return item * 2
    })
    expect(results).toEqual(items.map((item) => item * 2))
    expect(most).toBe(Math.min(length, width))
  })

  test('rejects with the first rejection', async () => {
    const failing = mapConcurrently([1, 2, 3], 2, async (item) => {
      if (item >= 2) throw new Error(`no ${item}`)
      return item
    })
    await expect(failing).rejects.toThrow('no 2')
  })
})

describe('a time limit', () => {
  test.each([1, 30_000, 2_147_483_647])('may be %i ms', (timeoutMs) => {
    expect(checkTimeoutMs(timeoutMs)).toBe(timeoutMs)
  })

  test.each<[unknown, string]>([
    [0, '0'],
    [-1, '-1'],
    [1.5, '1.5'],
    [2_147_483_648, '2147483648'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    ['30', '"30"'],
    [null, 'null'],
    [10n, '10n'],
  ])('may not be %s', (timeoutMs, printed) => {
    expect(() => checkTimeoutMs(timeoutMs)).toThrow(
      `timeoutMs is ${printed}, expected whole milliseconds from 1 to 2147483647`,
    )
  })
})
