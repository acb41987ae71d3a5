import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { printPeerFile } from '../../../../runtime/discovery/local/peer-file.js'
import { readOwnProcess } from '../../../../runtime/discovery/local/peer-process.js'
import { PeersFolder } from '../../../../runtime/discovery/local/peers-folder.js'
import { silent } from '../../behaviour/harness.js'
import { createPeer } from '../fake-provider.js'
import { useTemporaryFolder } from '../temporary-folder.js'

vi.mock('node:fs/promises', async (load) => {
  const original = await load<typeof import('node:fs/promises')>()
  return { ...original, open: vi.fn(original.open) }
})

const folder = useTemporaryFolder()

test('the peers of one process have no more than 16 files open at once, however many they are', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `p${index}.json`)
  for (const [index, name] of names.entries()) {
    const file = { peer: createPeer(`p${index}`), startedAtMs: 1, scope: '', process: readOwnProcess() }
    await writeFile(join(folder(), name), printPeerFile(file))
  }
  let opened = 0
  let most = 0
  const original = vi.mocked(open).getMockImplementation() ?? expect.fail('expected the real function')
  vi.mocked(open).mockImplementation(async (...args) => {
    most = Math.max(most, ++opened)
    const file = await original(...args)
    const close = file.close.bind(file)
    file.close = async () => {
      await close()
      opened--
    }
    return file
  })
  const folders = Array.from({ length: 10 }, () => new PeersFolder(folder(), silent))
  const read = await Promise.all(folders.flatMap((one) => names.map((name) => one.read(name))))
  expect(read.filter((file) => typeof file !== 'object')).toEqual([])
  expect(most).toBe(16)
})
