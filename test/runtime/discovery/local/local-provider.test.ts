import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { RemotePeer } from '../../../../runtime/api/remote-peer.js'
import { LocalProvider } from '../../../../runtime/discovery/local/local-provider.js'
import { printPeerFile } from '../../../../runtime/discovery/local/peer-file.js'
import { readLoopbackScope } from '../../../../runtime/discovery/local/registry-folder.js'
import { useTemporaryFolder } from '../temporary-folder.js'

const folder = useTemporaryFolder()
const createPeer = (id: string): RemotePeer => ({ id, host: '127.0.0.1', port: 3010, group: 'notes', hub: false })

let warn = vi.fn()
let provider: LocalProvider

const createProvider = (): LocalProvider =>
  new LocalProvider(folder(), { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() })

beforeEach(() => {
  warn = vi.fn()
  provider = createProvider()
})

async function writePeer(name: string, id: string, startedAtMs = 1, scope = readLoopbackScope()): Promise<string> {
  const path = join(folder(), name)
  await writeFile(path, printPeerFile({ peer: createPeer(id), startedAtMs, scope }))
  return path
}

const listIds = async (): Promise<string[]> => (await provider.list()).map(({ id }) => id)

describe('a peer', () => {
  test('has a file of its own while it is announced, for its owner alone', async () => {
    await provider.announce(createPeer('abc'))
    expect(await readdir(folder())).toEqual(['abc.json'])
    expect((await stat(join(folder(), 'abc.json'))).mode & 0o777).toBe(0o600)
    expect(await createProvider().list()).toEqual([createPeer('abc')])
    await provider.withdraw()
    expect(await readdir(folder())).toEqual([])
    await provider.withdraw()
  })

  test('takes back only its own file, and nothing where it was not announced', async () => {
    await writePeer('other.json', 'other')
    await provider.withdraw()
    await provider.announce(createPeer('abc'))
    await provider.withdraw()
    expect(await readdir(folder())).toEqual(['other.json'])
  })

  test('that ends without closing removes its file, with one listener for all peers of the process', async () => {
    const before = process.listenerCount('exit')
    const others = Array.from({ length: 20 }, createProvider)
    await Promise.all(others.map((other, index) => other.announce(createPeer(`peer${index}`))))
    expect(process.listenerCount('exit')).toBe(before + 1)
    await Promise.all(others.slice(1).map((other) => other.withdraw()))
    process.listeners('exit').at(-1)?.(0)
    expect(await readdir(folder())).toEqual([])
    await others[0]?.withdraw()
    expect(process.listenerCount('exit')).toBe(before)
  })

  test('that is certainly gone is forgotten, also for a second time', async () => {
    await writePeer('gone.json', 'gone')
    await provider.forget(createPeer('gone'))
    await provider.forget(createPeer('gone'))
    expect(await readdir(folder())).toEqual([])
  })
})

describe('the list', () => {
  test('has the order in which they started; ids decide where two started at once', async () => {
    await writePeer('b.json', 'b', 2)
    await writePeer('c.json', 'c', 1)
    await writePeer('a.json', 'a', 2)
    expect(await listIds()).toEqual(['c', 'a', 'b'])
  })

  test('follows the folder, and reads each file once', async () => {
    const path = await writePeer('a.json', 'a')
    expect(await listIds()).toEqual(['a'])
    await writeFile(path, 'changed, which no peer does')
    await writePeer('b.json', 'b', 2)
    expect(await listIds()).toEqual(['a', 'b'])
    await rm(path)
    expect(await listIds()).toEqual(['b'])
    expect(warn).not.toHaveBeenCalled()
  })

  test('leaves out peers of another loopback, and their files alone', async () => {
    await writePeer('far.json', 'far', 1, 'elsewhere')
    expect(await listIds()).toEqual([])
    expect(warn).not.toHaveBeenCalled()
    expect(await readdir(folder())).toEqual(['far.json'])
  })

  test('leaves out files that are half written, or of somebody else', async () => {
    await writePeer('a.json.new', 'a')
    await writeFile(join(folder(), 'notes.txt'), 'x')
    expect(await listIds()).toEqual([])
    expect(warn).not.toHaveBeenCalled()
  })

  test.each<[string, () => Promise<unknown>]>([
    ['is broken', () => writeFile(join(folder(), 'odd.json'), '{"format":')],
    ["has a name that is not its peer's", () => writePeer('odd.json', 'victim')],
    ['leads out of the folder', () => writePeer('odd.json', '../victim')],
  ])('warns once of a file that %s, and never removes it', async (_, write) => {
    await write()
    await writePeer('victim.json', 'victim')
    expect(await listIds()).toEqual(['victim'])
    expect(await listIds()).toEqual(['victim'])
    const message = 'a file in the registry is no peer that this version of netgen reads'
    expect(warn.mock.calls).toEqual([[message, { path: join(folder(), 'odd.json') }]])
    expect(await readFile(join(folder(), 'odd.json'), 'utf8')).not.toBe('')
  })

  test('tries again what could not be read', async () => {
    const path = join(folder(), 'a.json')
    await mkdir(path)
    expect(await listIds()).toEqual([])
    expect(warn.mock.calls[0]?.[0]).toBe('a file in the registry cannot be read')
    await rm(path, { recursive: true })
    await writePeer('a.json', 'a')
    await chmod(path, 0o600)
    expect(await listIds()).toEqual(['a'])
  })

  test('is refused where the folder is gone', async () => {
    const missing = new LocalProvider(join(folder(), 'missing'), {
      debug: vi.fn(),
      info: vi.fn(),
      warn,
      error: vi.fn(),
    })
    await expect(missing.list()).rejects.toMatchObject({
      code: 'unavailable',
      message: `registry folder ${join(folder(), 'missing')} cannot be read: close this peer, and make a new one`,
    })
  })
})
