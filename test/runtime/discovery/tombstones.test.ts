import { beforeEach, describe, expect, test } from 'vitest'
import { Tombstones } from '../../../runtime/discovery/tombstones.js'

let tombstones: Tombstones

beforeEach(() => {
  tombstones = new Tombstones()
})

describe('the dead', () => {
  test('are remembered for 30 s', () => {
    tombstones.add('a', false, 0)
    expect([0, 29_999, 30_000].map((atMs) => tombstones.has('a', atMs))).toEqual([true, true, false])
    expect(tombstones.has('b', 0)).toBe(false)
  })

  test('return by a proof that was asked for after they died, unless they said goodbye', () => {
    tombstones.add('silent', false, 100)
    tombstones.add('gone', true, 100)
    expect([99, 100, 101].map((askedAtMs) => tombstones.mayReturn('silent', askedAtMs, 200))).toEqual([
      false,
      false,
      true,
    ])
    expect(tombstones.mayReturn('gone', 200, 300)).toBe(false)
    expect(tombstones.mayReturn('gone', 200, 30_100)).toBe(true)
    expect(tombstones.mayReturn('nobody', 0, 0)).toBe(true)
  })

  test('who said goodbye have done so, whatever is found out later', () => {
    tombstones.add('a', true, 0)
    tombstones.add('a', false, 10)
    expect(tombstones.saidGoodbye('a', 20)).toBe(true)
  })

  test('are 1,024 at most, the last ones', () => {
    for (let index = 0; index < 2_000; index++) tombstones.add(`p${index}`, true, 0)
    expect([tombstones.has('p975', 0), tombstones.has('p976', 0), tombstones.has('p1999', 0)]).toEqual([
      false,
      true,
      true,
    ])
  })
})
