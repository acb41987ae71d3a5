import { describe, expect, test } from 'vitest'
import { hasTest } from '../has-test.js'
import map from './rows.json' with { type: 'json' }

/** How many rows there are of what app-net does. */
const ROWS = 75

describe('what app-net does', () => {
  test('has a line for each of its rows, in their order', () => {
    expect(map.rows.map(({ row }) => row)).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1))
  })

  for (const { row, promises, tests } of map.rows) {
    test(`row ${row}: ${promises}: has its tests`, () => {
      expect(tests).not.toEqual([])
      expect(tests.filter((named) => !hasTest(named))).toEqual([])
    })
  }
})
