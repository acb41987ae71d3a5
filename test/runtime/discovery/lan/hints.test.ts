import { describe, expect, test } from 'vitest'
import { Hints } from '../../../../runtime/discovery/lan/hints.js'

const FROM = '10.77.0.2'
const announce = (id: string, port = 3010) => ({ id, host: '10.77.0.2', port, fingerprint: 'f' })
/** More than there ever are. */
const ALL = 10_000
const at = (port: number) => ({ host: '10.77.0.2', port })

describe('what was announced', () => {
  test('is claimed at once, and ever more seldom until a peer proves to be there', () => {
    const hints = new Hints()
    hints.add(announce('a'), FROM, 0)
    const claimedAtMs = Array.from({ length: 100 }, (_, index) => index * 250).filter(
      (nowMs) => hints.takeDue(nowMs, ALL).length > 0,
    )
    expect(claimedAtMs).toEqual([0, 500, 1_500, 3_500, 7_500, 12_500, 17_500, 22_500])
    hints.settle('a', true, 25_000)
    expect(hints.takeDue(60_000, ALL)).toEqual([])
  })

  test('is claimed again where its peer is lost, and forgotten when nothing more is announced', () => {
    const hints = new Hints()
    hints.add(announce('a'), FROM, 0)
    hints.takeDue(0, ALL)
    hints.settle('a', true, 100)
    hints.settle('a', false, 50_000)
    expect(hints.takeDue(50_100, ALL)).toEqual([])
    expect(hints.takeDue(50_500, ALL)).toEqual([at(3010)])
    expect(hints.takeDue(120_000, ALL)).toEqual([])
  })

  test('does not hide one address of a peer behind another that somebody announced in its name', () => {
    const hints = new Hints()
    hints.add(announce('a'), FROM, 0)
    hints.add(announce('a', 1), FROM, 0)
    expect(hints.takeDue(0, ALL)).toEqual([at(3010), at(1)])
    // Nobody proved to be there: a forged announcement in its name would have it not asked.
    expect(hints.listFresh(0)).toEqual([])
    hints.settle('a', true, 0)
    expect(hints.listFresh(0)).toEqual(['a'])
    expect(hints.listFresh(60_000)).toEqual([])
  })

  test('is claimed 128 times a second at most, and remembered 1,024 times, without what is proved', () => {
    const hints = new Hints()
    hints.add(announce('settled', 9), FROM, 0)
    hints.settle('settled', true, 0)
    for (let index = 0; index < 2_000; index++) hints.add(announce(`id${index}`, index + 10), FROM, 0)
    expect(hints.takeDue(0, ALL)).toHaveLength(128)
    expect(hints.takeDue(900, ALL)).toHaveLength(0)
    expect(hints.takeDue(1_000, ALL)).toHaveLength(128)
    expect(hints.listFresh(0)).toEqual(['settled'])
    for (let second = 2; second < 20; second++) hints.takeDue(second * 1_000, ALL)
    for (let index = 0; index < 2_000; index++) hints.settle(`id${index}`, true, 20_000)
    expect(hints.listFresh(20_000)).toHaveLength(1_024)
  })
})

describe('a flood of announcements', () => {
  const flood = (hints: Hints, from: string, nowMs: number, start = 0): void => {
    for (let index = 0; index < 2_000; index++) hints.add(announce(`${from} ${start + index}`, 10 + index), from, nowMs)
  }

  test('from one machine displaces nothing of another, and does not go before it', () => {
    const hints = new Hints()
    hints.add(announce('a'), 'here', 0)
    flood(hints, 'there', 0)
    hints.add(announce('b', 3011), 'here', 0)
    flood(hints, 'there', 0, 2_000)
    expect(hints.takeDue(0, 4)).toEqual(expect.arrayContaining([at(3010), at(3011)]))
  })

  test('from many machines displaces no peer that proved to be there', () => {
    const hints = new Hints()
    hints.add(announce('real'), 'here', 0)
    hints.settle('real', true, 0)
    for (let index = 0; index < 2_000; index++) hints.add(announce(`forged ${index}`, 10 + index), `from ${index}`, 0)
    expect(hints.listFresh(0)).toEqual(['real'])
  })

  test('that goes on has what it announced claimed in turn, and the others as often', () => {
    const hints = new Hints()
    let claimed = 0
    for (let second = 0; second < 30; second++) {
      flood(hints, 'there', second * 1_000, second * 2_000)
      hints.add(announce('a'), 'here', second * 1_000)
      for (let round = 0; round < 64; round++) {
        claimed += hints.takeDue(second * 1_000, 2).filter(({ port }) => port === 3010).length
      }
    }
    // As if there were no flood: in seconds 0, 1, 2, 4, 8, 13, 18, 23 and 28.
    expect(claimed).toBe(9)
  })

  test('is claimed as much at once as is wanted, the rest later, and nothing twice', () => {
    const hints = new Hints()
    for (let index = 0; index < 10; index++) hints.add(announce(`id${index}`, index + 1), FROM, 0)
    const rounds = [hints.takeDue(0, 0), hints.takeDue(0, 4), hints.takeDue(0, 4), hints.takeDue(0, 4)]
    expect(rounds.map(({ length }) => length)).toEqual([0, 4, 4, 2])
    expect(new Set(rounds.flat().map(({ port }) => port)).size).toBe(10)
  })
})
