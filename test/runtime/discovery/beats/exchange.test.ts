import { describe, expect, test } from 'vitest'
import { Exchange } from '../../../../runtime/discovery/beats/exchange.js'

describe('what two peers tell each other', () => {
  test('is numbered from 1, and says what was heard of the other', () => {
    const exchange = new Exchange()
    expect(exchange.next(0)).toEqual({ sequence: 1, echo: 0 })
    expect(exchange.take(9)).toBe(true)
    expect(exchange.next(250)).toEqual({ sequence: 2, echo: 9 })
  })

  test('counts once, and not behind what came later', () => {
    const exchange = new Exchange()
    expect([3, 3, 2, 4, 1, 4].map((sequence) => exchange.take(sequence))).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
    ])
  })

  test('shows when the beat was sent that is answered', () => {
    const exchange = new Exchange()
    for (let index = 1; index <= 40; index++) exchange.next(index * 250)
    expect(exchange.findSentAtMs(40)).toBe(10_000)
    expect(exchange.findSentAtMs(9)).toBe(2_250)
    // Too long ago, not sent yet, and nothing heard.
    for (const echo of [8, 1, 41, 0]) expect(exchange.findSentAtMs(echo)).toBeUndefined()
  })
})
