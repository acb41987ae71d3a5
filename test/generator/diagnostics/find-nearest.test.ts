import { describe, expect, it } from 'vitest'
import { findNearest } from '../../../generator/diagnostics/find-nearest.js'

describe('the nearest name', () => {
  it.each([
    ['--wach', ['--watch', '--check'], '--watch'],
    ['biuld', ['build', 'init'], 'build'],
    ['BUILD', ['build', 'init'], 'build'],
    ['schmea.ts', ['server.ts', 'schema.ts'], 'schema.ts'],
    ['tag', ['tags', 'tab'], 'tags'],
    ['deploy', ['build', 'init'], undefined],
    ['ab', ['cd'], undefined],
    ['', ['build'], undefined],
    ['a', [], undefined],
  ])('of %j among %j is %j', (word, candidates, want) => {
    expect(findNearest(word, candidates)).toBe(want)
  })
})
