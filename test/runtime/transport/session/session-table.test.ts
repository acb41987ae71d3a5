import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CloseCode } from '../../../../runtime/transport/session/link.js'
import type { Session } from '../../../../runtime/transport/session/session.js'
import { SessionTable } from '../../../../runtime/transport/session/session-table.js'

let table: SessionTable
let done: string[]
beforeEach(() => {
  vi.useFakeTimers()
  table = new SessionTable()
  done = []
})
afterEach(() => {
  vi.useRealTimers()
})

/** A session that notes how it is ended. */
function create(name: string): Session {
  const session = {
    leave: () => done.push(`${name} leaves`),
    terminate: (code?: CloseCode) => done.push(`${name} is cut off: ${code}`),
  }
  return session as unknown as Session
}

describe('of two sessions with one peer', () => {
  test.each([
    ['at once, the preferred one stays', 1_999, false, ['later leaves'], 'first'],
    ['at once, the preferred one stays, which may be the later', 1_999, true, ['first leaves'], 'later'],
    [
      'one after the other, the later one stays: its dialer has lost the first',
      2_000,
      false,
      ['first leaves'],
      'later',
    ],
  ])('that are dialled %s', (_, afterMs, isPreferred, want, stays) => {
    const sessions = { first: create('first'), later: create('later') }
    table.add('a', sessions.first, !isPreferred)
    vi.advanceTimersByTime(afterMs)
    table.add('a', sessions.later, isPreferred)
    expect(done).toEqual(want)
    expect(table.find('a')).toBe(sessions[stays as 'first' | 'later'])
  })
})

test('all sessions with a peer are cut off that is abandoned, those too that only finish, and no others', () => {
  table.add('a', create('first'), true)
  table.add('a', create('second'), true)
  table.add('b', create('other'), true)
  table.abandon('a')
  expect(done).toEqual(['first leaves', 'first is cut off: 4408', 'second is cut off: 4408'])
})
