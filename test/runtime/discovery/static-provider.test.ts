import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Address } from '../../../runtime/api/address.js'
import { StaticProvider, type StaticProviderOptions } from '../../../runtime/discovery/static-provider.js'
import { refuse } from '../../../runtime/errors/refuse.js'
import { silent } from '../behaviour/harness.js'
import { createPeer } from './fake-provider.js'

const IP = '127.0.0.1'
const NAME = 'peer.example'
/** Whom the name leads to. */
const there = createPeer('a', { host: '192.0.2.1' })

let provider: StaticProvider
/** When each address was claimed, in milliseconds from the beginning. */
let claimed: [host: string, atMs: number][]
/** When the name was looked up. */
let lookedUp: number[]
/** Where the name leads: nowhere where it is undefined. */
let place: string | undefined
let warned: [message: string, fields: unknown][]
let beganAtMs: number

const claimsOf = (host: string): number[] => claimed.filter(([claim]) => claim === host).map(([, atMs]) => atMs)
/** The name leads somewhere, after a time. */
const locate = (afterMs: number) => async (address: Address) => {
  lookedUp.push(performance.now() - beganAtMs)
  if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs))
  if (place === undefined) throw refuse('unavailable', 'peer.example:3010 is nowhere: its name is unknown')
  return { ...address, host: place }
}

/** Asks for the peers, and answers how long that took, in milliseconds. */
async function refresh(): Promise<number> {
  const startedAtMs = performance.now()
  const refreshed = provider.refresh().then(() => performance.now() - startedAtMs)
  await vi.advanceTimersByTimeAsync(1_000)
  return refreshed
}

async function start(afterMs = 0): Promise<void> {
  const warn = (message: string, fields: unknown): void => {
    warned.push([message, fields])
  }
  provider = new StaticProvider({
    addresses: [
      { host: IP, port: 3010 },
      { host: NAME, port: 3010 },
    ],
    logger: { ...silent, warn },
    locate: locate(afterMs) as NonNullable<StaticProviderOptions['locate']>,
  })
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
  warned = []
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
    'is looked up at once, and often again, when the peer that it led to is %s',
    async (type) => {
      const end = provider.watch()
      await vi.advanceTimersByTimeAsync(10_100)
      lookedUp = []
      provider.notice({ type: 'joined', peer: there })
      provider.notice({ type, peer: there })
      await vi.advanceTimersByTimeAsync(4_000)
      expect(lookedUp).toEqual([10_100, 10_600, 11_600, 13_600])
      end()
      provider.notice({ type, peer: there })
      expect(lookedUp).toHaveLength(4)
    },
  )

  test('is left alone when others leave', async () => {
    const end = provider.watch()
    await vi.advanceTimersByTimeAsync(10_100)
    lookedUp = []
    for (let index = 0; index < 1_000; index++) {
      provider.notice({ type: 'left', peer: createPeer(`${index}`, { host: '192.0.2.9' }) })
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(lookedUp).toEqual([])
    end()
  })

  test('is looked up twice a second at most, however often its peer comes and goes, and whoever asks', async () => {
    const end = provider.watch()
    await vi.advanceTimersByTimeAsync(10_100)
    lookedUp = []
    for (let index = 0; index < 1_200; index++) {
      provider.notice({ type: 'joined', peer: there })
      provider.notice({ type: 'left', peer: there })
      void provider.refresh()
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(lookedUp).toEqual([10_100, 10_600, 11_100])
    end()
  })

  test('whose peer is there is neither looked up nor waited for, until what is known is older than 4 s', async () => {
    await start(200)
    expect(await refresh()).toBe(200)
    provider.notice({ type: 'joined', peer: there })
    expect([await refresh(), await refresh(), await refresh()]).toEqual([0, 0, 0])
    expect(claimsOf('192.0.2.1')).toEqual([200, 1_000, 2_000, 3_000])
    expect(lookedUp).toEqual([0])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await refresh()).toBe(0)
    expect(lookedUp).toEqual([0, 5_000])
  })

  test('at whose place nobody is is looked up, and not waited for', async () => {
    await start(200)
    await refresh()
    place = '192.0.2.2'
    expect(await refresh()).toBe(0)
    expect(claimed.slice(2)).toEqual([
      [IP, 1_000],
      ['192.0.2.1', 1_000],
      ['192.0.2.2', 1_200],
    ])
  })

  test('that nobody knows is warned of once, and again when it was known meanwhile', async () => {
    const warning = [
      'a name in peers was not found: check how it is written, and the name server of this machine',
      { at: 'peer.example:3010', reason: 'peer.example:3010 is nowhere: its name is unknown' },
    ]
    place = undefined
    await refresh()
    await refresh()
    expect(warned).toEqual([warning])
    place = '192.0.2.1'
    await refresh()
    place = undefined
    await refresh()
    await refresh()
    expect(warned).toEqual([warning, warning])
  })

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
