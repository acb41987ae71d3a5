import { expect, test } from 'vitest'
import type { RemotePeer } from '../../../runtime/api/remote-peer.js'
import { CallScope } from '../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../runtime/call/scope/deadlines.js'
import { explainMisfit, type SkewOptions } from '../../../runtime/call/skew/explain-skew.js'
import { refuseMisfit } from '../../../runtime/errors/refuse.js'
import type { WireCall } from '../../../runtime/wire/exchange.js'

const there: RemotePeer = { id: 'there', group: 'notes', hub: false, host: '127.0.0.1', port: 3010 }

/** A peer that never says which schema it has, and what it is asked. */
function createSilentPeer(): { options: SkewOptions; deadlines: Deadlines; asked: WireCall[]; scopes: CallScope[] } {
  const deadlines = new Deadlines()
  const asked: WireCall[] = []
  const scopes: CallScope[] = []
  const options = {
    deadlines,
    peer: { id: 'here', group: 'notes' },
    label: () => 'there',
    carry: (_: unknown, call: WireCall, scope: CallScope) => {
      asked.push(call)
      scopes.push(scope)
      return scope.race(new Promise<never>(() => {}))
    },
  }
  return { options: options as unknown as SkewOptions, deadlines, asked, scopes }
}

const misfit = refuseMisfit('internal', 'output of notes.list is refused: it is 1, expected a string')
const side = { tag: 'notes.list', digest: 'older' }

test('a call that ends while its callee is asked for its schema does not wait for that', async () => {
  const { options, deadlines, asked, scopes } = createSilentPeer()
  const controller = new AbortController()
  const scope = new CallScope(deadlines, 'notes.list', 60_000, controller.signal)
  const explained = explainMisfit(misfit, side, there, options, scope)
  expect(asked).toHaveLength(1)
  controller.abort()
  expect(await explained).toBeUndefined()
  expect(scopes.map(({ stopped }) => stopped?.code)).toEqual(['canceled'])
})

test('a callee is asked for its schema for as long as the call has left', async () => {
  const { options, deadlines, asked } = createSilentPeer()
  const scope = new CallScope(deadlines, 'notes.list', 20)
  expect(await explainMisfit(misfit, side, there, options, scope)).toBeUndefined()
  expect(asked).toHaveLength(1)
  expect(asked[0]?.timeLeftMs).toBeLessThanOrEqual(20)
  expect(scope.stopped?.code).toBe('deadline_exceeded')
})

test('a call that is over asks nobody', async () => {
  const { options, deadlines, asked } = createSilentPeer()
  const scope = new CallScope(deadlines, 'notes.list', 60_000, AbortSignal.abort())
  expect(await explainMisfit(misfit, side, there, options, scope)).toBeUndefined()
  expect(asked).toEqual([])
})
