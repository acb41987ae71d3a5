import { describe, expect, test } from 'vitest'
import { Hints } from '../../../../runtime/discovery/lan/hints.js'

const announce = (id: string, port = 3010) => ({ id, host: '10.77.0.2', port, fingerprint: 'f' })
const at = (port: number) => ({ host: '10.77.0.2', port })

describe('what was announced', () => {
  test('is claimed at once, and ever more seldom until a peer proves to be there', () => {
    const hints = new Hints()
    hints.add(announce('a'), 0)
    const claimedAtMs = Array.from({ length: 100 }, (_, index) => index * 250).filter(
      (nowMs) => hints.takeDue(nowMs).length > 0,
    )
    expect(claimedAtMs).toEqual([0, 500, 1_500, 3_500, 7_500, 12_500, 17_500, 22_500])
    hints.settle('a', true, 25_000)
    expect(hints.takeDue(60_000)).toEqual([])
  })

  test('is claimed again where its peer is lost, and forgotten when nothing more is announced', () => {
    const hints = new Hints()
    hints.add(announce('a'), 0)
    hints.takeDue(0)
    hints.settle('a', true, 100)
    hints.settle('a', false, 50_000)
    expect(hints.takeDue(50_100)).toEqual([])
    expect(hints.takeDue(50_500)).toEqual([at(3010)])
    expect(hints.takeDue(120_000)).toEqual([])
  })

  test('does not hide one address of a peer behind another that somebody announced in its name', () => {
    const hints = new Hints()
    hints.add(announce('a'), 0)
    hints.add(announce('a', 1), 0)
    expect(hints.takeDue(0)).toEqual([at(3010), at(1)])
    expect(hints.listFresh(0)).toEqual(['a'])
    expect(hints.listFresh(60_000)).toEqual([])
  })

  test('is claimed 128 times a second at most, and remembered 1,024 times, without what is proved', () => {
    const hints = new Hints()
    hints.add(announce('settled', 9), 0)
    hints.settle('settled', true, 0)
    for (let index = 0; index < 5_000; index++) hints.add(announce(`id${index}`, index + 10), 0)
    expect(hints.takeDue(0)).toHaveLength(128)
    expect(hints.takeDue(900)).toHaveLength(0)
    expect(hints.takeDue(1_000)).toHaveLength(128)
    expect(hints.listFresh(0)).toHaveLength(1_024)
    expect(hints.listFresh(0)).toContain('settled')
  })
})
