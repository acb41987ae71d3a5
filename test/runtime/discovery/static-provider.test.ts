import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Address } from '../../../runtime/api/address.js'
import { StaticProvider } from '../../../runtime/discovery/static-provider.js'
import { refuse } from '../../../runtime/errors/refuse.js'
import { createPeer } from './fake-provider.js'

const IP = '127.0.0.1'
const NAME = 'peer.example'

let provider: StaticProvider
/** When each address was claimed, in milliseconds from the beginning. */
let claimed: [host: string, atMs: number][]
/** When the name was looked up. */
let lookedUp: number[]
/** Where the name leads: nowhere where it is undefined. */
let place: string | undefined
let beganAtMs: number

const claimsOf = (host: string): number[] => claimed.filter(([claim]) => claim === host).map(([, atMs]) => atMs)
/** The name leads somewhere, after a time. */
const locate = (afterMs: number) => async (address: Address) => {
  lookedUp.push(performance.now() - beganAtMs)
  if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs))
  if (place === undefined) throw refuse('unavailable', 'it is nowhere')
  return { ...address, host: place }
}

async function start(afterMs = 0): Promise<void> {
  provider = new StaticProvider(
    [
      { host: IP, port: 3010 },
      { host: NAME, port: 3010 },
    ],
    locate(afterMs) as ConstructorParameters<typeof StaticProvider>[1],
  )
  const add = ({ host }: Address): undefined => {
    claimed.push([host, performance.now() - beganAtMs])
  }
  await provider.start(createPeer('self'), { add, answered: () => {}, remove: () => {} })
}

beforeEach(async () => {
  vi.useFakeTimers()
  beganAtMs = performance.now()
  claimed = []
  lookedUp = []
  place = '192.0.2.1'
  await start()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('given addresses', () => {
  test('are looked at twice a second while somebody follows, and names less and less often, each 4 s at last', async () => {
    const end = provider.watch()
    await vi.advanceTimersByTimeAsync(16_001)
    expect(claimsOf(IP)).toHaveLength(32)
    expect(lookedUp).toEqual([500, 1_000, 2_000, 4_000, 8_000, 12_000, 16_000])
    expect(claimsOf('192.0.2.1')).toEqual(lookedUp)
    end()
    await vi.advanceTimersByTimeAsync(16_000)
    expect(claimsOf(IP)).toHaveLength(32)
    expect(lookedUp).toHaveLength(7)
  })

  test('are all looked at when somebody asks, who waits for names 400 ms at most', async () => {
    await start(300)
    const refreshed = provider.refresh()
    await vi.advanceTimersByTimeAsync(300)
    await refreshed
    expect(claimed.map(([host]) => host)).toEqual([IP, '192.0.2.1'])
    await start(3_000)
    let isOver = false
    void provider.refresh().then(() => {
      isOver = true
    })
    await vi.advanceTimersByTimeAsync(400)
    expect(isOver).toBe(true)
    await vi.advanceTimersByTimeAsync(2_600)
    expect(claimed.map(([host]) => host)).toEqual([IP, '192.0.2.1', IP, '192.0.2.1'])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a name', () => {
  test.each(['suspect', 'left'] as const)(
    'is looked up at once, and often again, when somebody is %s',
    async (type) => {
      const end = provider.watch()
      await vi.advanceTimersByTimeAsync(10_100)
      lookedUp = []
      provider.notice({ type: 'joined', peer: createPeer('a') })
      provider.notice({ type, peer: createPeer('a') })
      await vi.advanceTimersByTimeAsync(2_000)
      expect(lookedUp).toEqual([10_100, 10_500, 11_000, 12_000])
      end()
      provider.notice({ type, peer: createPeer('a') })
      expect(lookedUp).toHaveLength(4)
    },
  )

  test('that leads elsewhere claims whoever is there within 4 s, though the first is there still', async () => {
    const end = provider.watch()
    await vi.advanceTimersByTimeAsync(4_100)
    provider.notice({ type: 'joined', peer: createPeer('a', { host: '192.0.2.1' }) })
    place = '192.0.2.2'
    await vi.advanceTimersByTimeAsync(4_000)
    expect(claimsOf('192.0.2.2')).toEqual([8_000])
    end()
  })

  test('that nobody knows is looked up again, and one that takes long not twice at once', async () => {
    place = undefined
    await start(3_000)
    const end = provider.watch()
    await vi.advanceTimersByTimeAsync(8_001)
    expect(lookedUp).toEqual([500, 4_000, 8_000])
    expect(claimed.every(([host]) => host === IP)).toBe(true)
    place = '192.0.2.1'
    await vi.advanceTimersByTimeAsync(7_000)
    expect(claimsOf('192.0.2.1')).toHaveLength(2)
    end()
  })
})
