import { describe, expect, test } from 'vitest'
import { Holds } from '../../../../runtime/transport/session/holds.js'

describe('what arrives over a link', () => {
  const calls: string[] = []
  const holds = new Holds({ pause: () => void calls.push('pause'), resume: () => void calls.push('resume') })

  test('is held back for as long as there is a reason', () => {
    holds.add()
    holds.add()
    holds.remove()
    expect(calls).toEqual(['pause'])
    holds.remove()
    expect(calls).toEqual(['pause', 'resume'])
  })

  test('may be late while it is held back, and until that was asked once more', () => {
    expect([holds.takeLate(), holds.takeLate()]).toEqual([true, false])
    holds.add()
    expect([holds.takeLate(), holds.takeLate()]).toEqual([true, true])
    holds.remove()
    expect([holds.takeLate(), holds.takeLate()]).toEqual([true, false])
  })
})
