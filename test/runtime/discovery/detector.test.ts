import { beforeEach, describe, expect, test } from 'vitest'
import { Detector, PATIENCE_THERE, TICK_MS } from '../../../runtime/discovery/detector.js'

let detector: Detector
let nowMs: number

beforeEach(() => {
  detector = new Detector()
  nowMs = 0
  detector.tick(nowMs)
})

/** Ticks until a time, and says when something followed. */
function runUntil(endMs: number): string[] {
  const told: string[] = []
  while (nowMs + TICK_MS <= endMs) {
    nowMs += TICK_MS
    for (const { id, type } of detector.tick(nowMs)) told.push(`${nowMs} ${type} ${id}`)
  }
  return told
}

describe('a detector', () => {
  test('has who is silent probed, then suspects it, and then gives it up', () => {
    detector.add('a', PATIENCE_THERE, 0)
    const told = runUntil(4_000)
    expect(told.filter((line) => !line.includes('probe'))).toEqual(['1500 suspect a', '3000 gone a'])
    expect(told.filter((line) => line.includes('probe'))).toEqual(
      [750, 1_000, 1_250, 1_500, 1_750, 2_000, 2_250, 2_500, 2_750].map((atMs) => `${atMs} probe a`),
    )
  })

  test('says when a suspect is heard again', () => {
    detector.add('a', PATIENCE_THERE, 0)
    runUntil(1_500)
    expect(detector.isSuspect('a')).toBe(true)
    detector.heard('a', 1_600)
    expect(runUntil(2_000)).toEqual(['1750 alive a'])
    expect(detector.isSuspect('a')).toBe(false)
  })

  test('says nothing of whoever beats', () => {
    detector.add('a', PATIENCE_THERE, 0)
    for (let beat = 1; beat < 100; beat++) {
      detector.heard('a', beat * 500)
      expect(runUntil(beat * 500)).toEqual([])
    }
  })

  test('says nothing of whom it does not know, or knows no more', () => {
    detector.heard('a', 0)
    detector.add('a', PATIENCE_THERE, 0)
    detector.remove('a')
    expect(runUntil(10_000)).toEqual([])
    expect(detector.isSuspect('a')).toBe(false)
  })

  test('accuses nobody for the time in which it was stopped itself', () => {
    detector.add('a', PATIENCE_THERE, 0)
    runUntil(500)
    nowMs += 60_000
    expect(detector.tick(nowMs)).toEqual([{ id: 'a', type: 'probe' }])
    // 0.8 s of the silence count by now.
    expect(runUntil(nowMs + 1_000).filter((line) => !line.includes('probe'))).toEqual(['61250 suspect a'])
  })

  test('probes 16 in a tick, the most silent first', () => {
    for (let index = 0; index < 40; index++) detector.add(`p${index}`, PATIENCE_THERE, 0)
    for (let index = 0; index < 40; index++) detector.heard(`p${index}`, index)
    expect(runUntil(750)).toEqual(Array.from({ length: 16 }, (_, index) => `750 probe p${index}`))
  })
})
