import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createPeer } from 'netgen/runtime'
import { expect, test } from 'vitest'
import { silent } from '../behaviour/harness.js'
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
