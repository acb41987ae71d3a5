import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openRegistryFolder, readLoopbackScope } from '../../../../runtime/discovery/local/registry-folder.js'
import { useTemporaryFolder } from '../temporary-folder.js'

const folder = useTemporaryFolder()
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777

describe('the registry folder', () => {
  test('is made for its owner alone, with everything above it', async () => {
    const path = join(folder(), 'deep', 'registry')
    expect(await openRegistryFolder(path)).toEqual({ secretPath: join(path, 'secret'), peersPath: join(path, 'peers') })
    expect([await modeOf(path), await modeOf(join(path, 'peers'))]).toEqual([0o700, 0o700])
  })

  test('is taken as it is where it is there, also by many at once', async () => {
    const path = join(folder(), 'registry')
    const opened = await Promise.all(Array.from({ length: 20 }, () => openRegistryFolder(path)))
    expect(new Set(opened.map(({ peersPath }) => peersPath)).size).toBe(1)
  })

  test.each<[string, (path: string) => Promise<unknown>, string, (path: string) => string]>([
    [
      'open to others',
      async (path) => {
        await mkdir(path)
        await chmod(path, 0o755)
      },
      'permission_denied',
      (path) => `registry folder ${path} is open to other users: run chmod 700 on it`,
    ],
    [
      'writable by its group',
      async (path) => {
        await mkdir(path)
        await chmod(path, 0o720)
      },
      'permission_denied',
      (path) => `registry folder ${path} is open to other users: run chmod 700 on it`,
    ],
    [
      'with an open folder in it',
      async (path) => {
        await mkdir(join(path, 'peers'), { recursive: true })
        await chmod(path, 0o700)
        await chmod(join(path, 'peers'), 0o701)
      },
      'permission_denied',
      (path) => `registry folder ${join(path, 'peers')} is open to other users: run chmod 700 on it`,
    ],
    [
      'a link',
      async (path) => {
        await mkdir(`${path}-target`, { mode: 0o700 })
        await symlink(`${path}-target`, path)
      },
      'permission_denied',
      (path) => `registry folder ${path} is a link: set NET_REGISTRY to the folder itself`,
    ],
    [
      'a file',
      (path) => writeFile(path, ''),
      'unavailable',
      (path) => `registry folder ${path} cannot be made: set NET_REGISTRY to one that can`,
    ],
    [
      'a link that leads nowhere',
      (path) => symlink(`${path}-nowhere`, path),
      'unavailable',
      (path) => `registry folder ${path} cannot be made: set NET_REGISTRY to one that can`,
    ],
  ])('is refused where it is %s', async (_, make, code, message) => {
    const path = join(folder(), 'registry')
    await make(path)
    await expect(openRegistryFolder(path)).rejects.toMatchObject({ code, message: message(path) })
  })
})

test("a loopback's scope is the same each time, and names the machine", () => {
  expect(readLoopbackScope()).toBe(readLoopbackScope())
  expect(readLoopbackScope().startsWith(hostname())).toBe(true)
})
