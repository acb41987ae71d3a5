import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { printAddress } from '../../../runtime/api/address.js'
import { StaticProvider } from '../../../runtime/discovery/static-provider.js'
import { createPeer } from './fake-provider.js'

let provider: StaticProvider
/** When each address was claimed, in milliseconds from the beginning. */
let claimed: Record<string, number[]>

beforeEach(async () => {
  vi.useFakeTimers()
  const beganAtMs = performance.now()
  claimed = { '127.0.0.1:3010': [], 'peer.example:3010': [] }
  provider = new StaticProvider([
    { host: '127.0.0.1', port: 3010 },
    { host: 'peer.example', port: 3010 },
  ])
  const add = (claim: { host: string; port: number }): undefined => {
    claimed[printAddress(claim)]?.push(performance.now() - beganAtMs)
  }
  await provider.start(createPeer('self'), { add, answered: () => {}, remove: () => {} })
})
afterEach(() => {
  vi.useRealTimers()
})

test('looks at addresses twice a second while somebody follows, and at names less and less often, each 4 s at last', async () => {
  const end = provider.watch()
  await vi.advanceTimersByTimeAsync(16_000)
  expect(claimed['127.0.0.1:3010']).toHaveLength(32)
  expect(claimed['peer.example:3010']).toEqual([500, 1_000, 2_000, 4_000, 8_000, 12_000, 16_000])
  end()
  await vi.advanceTimersByTimeAsync(16_000)
  expect(claimed['127.0.0.1:3010']).toHaveLength(32)
})

test('looks at names as often as at first again when somebody has left', async () => {
  const end = provider.watch()
  await vi.advanceTimersByTimeAsync(10_000)
  claimed['peer.example:3010'] = []
  provider.notice({ type: 'joined', peer: createPeer('a') })
  provider.notice({ type: 'left', peer: createPeer('a') })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(claimed['peer.example:3010']).toEqual([10_500, 11_000, 12_000])
  end()
})

test('looks at all of them when it is asked to', async () => {
  for (let look = 0; look < 3; look++) await provider.refresh()
  expect(Object.values(claimed)).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ])
})
