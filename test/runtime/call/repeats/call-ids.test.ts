import { expect, test } from 'vitest'
import { CallIds } from '../../../../runtime/call/repeats/call-ids.js'
import { isCallId } from '../../../../runtime/wire/call-id.js'

test('ids of calls are never the same, neither of one peer nor of two', () => {
  const peers = [new CallIds(), new CallIds()]
  const ids = peers.flatMap((callIds) => Array.from({ length: 1_000 }, () => callIds.next()))
  expect(new Set(ids).size).toBe(2_000)
  expect(ids.filter((id) => !isCallId(id))).toEqual([])
})
