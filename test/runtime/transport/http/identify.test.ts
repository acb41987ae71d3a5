import { lookup } from 'node:dns/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { openTrust } from '../../../../runtime/peer/open-trust.js'
import { HttpTransport } from '../../../../runtime/transport/http/http-transport.js'
import { silent } from '../../behaviour/harness.js'
import { useTemporaryFolder } from '../../discovery/temporary-folder.js'

vi.mock('node:dns/promises', () => ({ lookup: vi.fn() }))

const folder = useTemporaryFolder()
afterEach(() => {
  vi.useRealTimers()
})

test('a name that takes long to be found leaves the peer behind it only the rest of the time', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const { trust } = await openTrust(join(folder(), 'registry'), undefined)
  const place = { host: undefined, port: { kind: 'exact', port: 0 }, advertise: undefined, names: [] } as const
  const transport = new HttpTransport({ trust, place, logger: silent })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.mocked(lookup).mockImplementation(
    () => new Promise((resolve) => setTimeout(() => resolve({ address: '127.0.0.1', family: 4 } as never), 300)),
  )
  const failed = vi.fn()
  transport.identify({ host: 'slow.example', port }, 400).catch(({ message }: Error) => failed(message))
  await vi.advanceTimersByTimeAsync(399)
  expect(failed).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(failed.mock.calls).toEqual([[`127.0.0.1:${port} did not say who it is within 400 ms`]])
  await transport.close()
  server.close()
})
