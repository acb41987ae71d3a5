import { lookup } from 'node:dns/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readArpTable } from '../../../../runtime/discovery/scan/arp-table.js'
import { ScanProvider } from '../../../../runtime/discovery/scan/scan-provider.js'
import { silent } from '../../behaviour/harness.js'

vi.mock('node:dns/promises', () => ({ lookup: vi.fn() }))
vi.mock('../../../../runtime/discovery/scan/arp-table.js', () => ({ readArpTable: vi.fn() }))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('what cannot be scanned is told when that is found, and not at each scan', async () => {
  const warn = vi.fn()
  const provider = new ScanProvider({
    targets: [{ kind: 'host', host: 'nowhere.example' }, { kind: 'arp' }],
    ports: [],
    width: 1,
    logger: { ...silent, warn },
  })
  const scan = async (isThere: boolean): Promise<unknown[]> => {
    warn.mockClear()
    const outcome = isThere ? 'mockResolvedValue' : 'mockRejectedValue'
    vi.mocked(lookup)[outcome]((isThere ? { address: '192.0.2.1', family: 4 } : new Error('not found')) as never)
    vi.mocked(readArpTable)[outcome]((isThere ? [] : new Error('no table')) as never)
    await provider.refresh()
    // A scan is good enough for ten seconds.
    await vi.advanceTimersByTimeAsync(10_000)
    return warn.mock.calls.map(([message]) => message as unknown)
  }
  const want = ['a host to scan was not found', 'the ARP table cannot be read, and is not scanned']
  expect(await scan(false)).toEqual(expect.arrayContaining(want))
  expect(await scan(false)).toEqual([])
  expect(await scan(true)).toEqual([])
  expect(await scan(false)).toHaveLength(2)
})
