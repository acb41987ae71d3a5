import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createPeer } from 'netgen/runtime'
import { describe, expect, test } from 'vitest'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from '../behaviour/handlers.js'
import { catchError, silent } from '../behaviour/harness.js'
import { StreamHandlers, waitForAbort } from '../behaviour/stream-handlers.js'
import { useTemporaryFolder } from '../discovery/temporary-folder.js'

const folder = useTemporaryFolder()

test('a peer that is closed while it begins to listen leaves nothing open', async () => {
  const peer = await createPeer({ registry: folder(), port: 0, logger: silent, listen: false })
  const listening = peer.listen()
  await peer.close()
  await listening
  await expect(fetch(`http://127.0.0.1:${peer.port}/netgen/v1/health`)).rejects.toMatchObject({
    cause: { code: 'ECONNREFUSED' },
  })
  expect(await readdir(join(folder(), 'peers'))).toEqual([])
})

test('a peer that cannot listen can be closed meanwhile, and says why', async () => {
  const other = await createPeer({ registry: folder(), port: 0, logger: silent })
  const peer = await createPeer({ registry: folder(), port: other.port, logger: silent, listen: false })
  const listening = peer.listen().catch(({ code }: { code: string }) => code)
  await peer.close()
  expect(await listening).toBe('unavailable')
  await other.close()
})

test('a peer that is told to listen while it closes leaves nothing open', async () => {
  const peer = await createPeer({ registry: folder(), port: 0, logger: silent, listen: false })
  const closing = peer.close()
  expect(() => peer.listen()).toThrow('this peer is closed')
  await closing
})

describe('what a peer does for itself ends when it is closed', () => {
  test('a call', async () => {
    const peer = await createPeer({ registry: folder(), port: 0, logger: silent })
    const handlers = new Handlers()
    const call = catchError(peer.connect(schema, handlers).wait({ ms: 20_000 }))
    await expect.poll(() => handlers.ran).toEqual(['wait'])
    await peer.close()
    expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: true })
    await expect.poll(() => handlers.aborted).toHaveLength(1)
  })

  test('a stream', async () => {
    const peer = await createPeer({ registry: folder(), port: 0, logger: silent })
    const handlers = new StreamHandlers()
    let begun = 0
    // biome-ignore lint/correctness/useYield: It waits.
    handlers.onFollow = async function* (context) {
      begun++
      await waitForAbort(context.signal)
    }
    const step = catchError(peer.connect(streams, handlers).follow().next())
    await expect.poll(() => begun).toBe(1)
    await peer.close()
    expect(await step).toMatchObject({ code: 'unavailable' })
  })
})
