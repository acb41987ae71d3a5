import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chown, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Address } from '../../../../runtime/api/address.js'
import type { RemotePeer } from '../../../../runtime/api/remote-peer.js'
import { PATIENCE_HERE } from '../../../../runtime/discovery/detector.js'
import { LocalProvider } from '../../../../runtime/discovery/local/local-provider.js'
import { printPeerFile } from '../../../../runtime/discovery/local/peer-file.js'
import { isRunning, type PeerProcess, readOwnProcess } from '../../../../runtime/discovery/local/peer-process.js'
import { PeersFolder } from '../../../../runtime/discovery/local/peers-folder.js'
import { readLoopbackScope } from '../../../../runtime/discovery/local/registry-folder.js'
import { createPeer } from '../fake-provider.js'
import { useTemporaryFolder } from '../temporary-folder.js'

const folder = useTemporaryFolder()

/** Only root can give files away, and mount a disk that is full. */
const isRoot = process.getuid?.() === 0
const canMount = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0

/** Of another container: nobody here can tell whether it has ended. */
const UNSEEN: PeerProcess = { pid: 1, namespace: 'pid:[0]', begin: '' }

let warn = vi.fn()
let provider: LocalProvider
/** What the provider claims, in the order in which it began to, and what it took back. */
let claimed: Map<string, RemotePeer>
let removed: string[]

const createProvider = (path = folder(), local?: Address): LocalProvider =>
  new LocalProvider({ path, findLocal: () => local, logger: { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() } })

const claims = {
  add: (claim: object): undefined => {
    if ('id' in claim) claimed.set((claim as RemotePeer).id, claim as RemotePeer)
  },
  answered: (): void => {},
  remove: (id: string): void => {
    claimed.delete(id)
    removed.push(id)
  },
}

beforeEach(async () => {
  warn = vi.fn()
  claimed = new Map()
  removed = []
  provider = createProvider()
  await provider.start(createPeer('self'), claims)
})

interface Written {
  startedAtMs?: number
  scope?: string
  process?: PeerProcess
}

/** Beside it and renamed, as peers do: whoever watches may read a file as soon as it is there. */
async function writePeer(
  name: string,
  id: string,
  { startedAtMs = 1, scope = readLoopbackScope(), process = readOwnProcess() }: Written = {},
): Promise<string> {
  const path = join(folder(), name)
  await writeFile(`${path}.tmp`, printPeerFile({ peer: createPeer(id), startedAtMs, scope, process }))
  await rename(`${path}.tmp`, path)
  return path
}

/** Watches until the answer is called, at the latest until the test ends. */
function watch(): () => void {
  const end = provider.watch()
  onTestFinished(end)
  return end
}

/** The peers that it claims by now, without itself. */
async function look(): Promise<string[]> {
  claimed.clear()
  await provider.refresh()
  return [...claimed.keys()].filter((id) => id !== 'self')
}

/** A process that has ended. */
function endProcess(): PeerProcess {
  const { pid } = spawnSync(process.execPath, ['--version'])
  return { ...readOwnProcess(), pid }
}

test.skipIf(process.platform !== 'linux')(
  'a process that has ended runs no more, though nobody has asked for its end yet',
  async () => {
    await provider.stop()
    // The inner one ends at once, and its parent, which lives on, never waits for it.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'])
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(String(line))
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ')
    const own = readOwnProcess()
    const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]
    expect(isRunning({ ...own, pid, begin: own.begin.replace(/\d+$/, String(ticks)) }, own)).toBe(false)
    expect(isRunning(own, own)).toBe(true)
  },
)

describe('a peer', () => {
  test('has a file of its own while it is known, for its owner alone', async () => {
    expect(await readdir(folder())).toEqual(['self.json'])
    expect((await stat(join(folder(), 'self.json'))).mode & 0o777).toBe(0o600)
    await provider.stop()
    expect(await readdir(folder())).toEqual([])
    await provider.stop()
  })

  test('takes back only its own file, and nothing where it was not started', async () => {
    await writePeer('other.json', 'other')
    await createProvider().stop()
    await provider.stop()
    expect(await readdir(folder())).toEqual(['other.json'])
  })

  test('that ends without closing removes its file, with one listener for all peers of the process', async () => {
    await provider.stop()
    const before = process.listenerCount('exit')
    const others = Array.from({ length: 20 }, () => createProvider())
    await Promise.all(others.map((other, index) => other.start(createPeer(`peer${index}`), claims)))
    expect(process.listenerCount('exit')).toBe(before + 1)
    await Promise.all(others.slice(1).map((other) => other.stop()))
    process.listeners('exit').at(-1)?.(0)
    expect(await readdir(folder())).toEqual([])
    await others[0]?.stop()
    expect(process.listenerCount('exit')).toBe(before)
  })

  test.each<[string, () => PeerProcess]>([
    ['of another container', () => UNSEEN],
    ['whose process has ended', endProcess],
    [
      'whose number another process has got since',
      () => ({ ...readOwnProcess(), begin: 'before the machine started' }),
    ],
    ['of a system that does not say when a process began', () => ({ ...readOwnProcess(), begin: '' })],
  ])('%s, where nobody is, is forgotten, also for a second time', async (_, readProcess) => {
    await writePeer('gone.json', 'gone', { process: readProcess() })
    await look()
    await provider.forget(createPeer('gone'))
    await provider.forget(createPeer('gone'))
    expect(await readdir(folder())).toEqual(['self.json'])
  })

  test('that is not reached keeps its file for as long as its process runs, and is claimed again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const end = watch()
    try {
      await writePeer('mute.json', 'mute')
      expect(await look()).toEqual(['mute'])
      await provider.forget(createPeer('mute'))
      expect(await readdir(folder())).toEqual(['mute.json', 'self.json'])
      claimed.clear()
      vi.advanceTimersByTime(1_000)
      expect([...claimed.keys()]).toEqual(['mute'])
      provider.notice({ type: 'joined', peer: createPeer('mute') })
      claimed.clear()
      vi.advanceTimersByTime(1_000)
      expect([...claimed.keys()]).toEqual([])
    } finally {
      end()
      vi.useRealTimers()
    }
  })

  test('is written as it is reached on this machine, whatever others are told', async () => {
    const here = createProvider(folder(), { host: '127.0.0.1', port: 3999 })
    await here.start(createPeer('here', { host: '203.0.113.7', port: 80 }), claims)
    await provider.refresh()
    expect(claimed.get('here')).toEqual(createPeer('here', { host: '127.0.0.1', port: 3999 }))
    await here.stop()
  })

  test.skipIf(!canMount)('cannot be made known where the disk is full, and leaves nothing behind', async () => {
    const small = join(folder(), 'small')
    await mkdir(small)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', small])
    expect(mounted.status, String(mounted.stderr)).toBe(0)
    try {
      await writeFile(join(small, 'filler'), Buffer.alloc(4_096))
      const full = createProvider(small)
      const path = join(small, 'self.json')
      await expect(full.start(createPeer('self'), claims)).rejects.toMatchObject({
        code: 'unavailable',
        message: `peer file ${path} cannot be written (ENOSPC): make room there, or set NET_REGISTRY to another folder`,
      })
      expect(await readdir(small)).toEqual(['filler'])
      await full.stop()
    } finally {
      spawnSync('umount', [small])
    }
  })
})

describe('what is claimed', () => {
  test('has the order in which they started; ids decide where two started at once', async () => {
    await writePeer('b.json', 'b', { startedAtMs: 2 })
    await writePeer('c.json', 'c', { startedAtMs: 1 })
    await writePeer('a.json', 'a', { startedAtMs: 2 })
    expect(await look()).toEqual(['c', 'a', 'b'])
  })

  test('follows the folder, and reads each file once', async () => {
    const path = await writePeer('a.json', 'a')
    expect(await look()).toEqual(['a'])
    await writeFile(path, 'changed, which no peer does')
    await writePeer('b.json', 'b', { startedAtMs: 2 })
    expect(await look()).toEqual(['a', 'b'])
    await rm(path)
    expect(await look()).toEqual(['b'])
    expect(removed).toEqual(['a'])
    expect(warn).not.toHaveBeenCalled()
  })

  test('leaves out peers of another loopback, and their files alone', async () => {
    await writePeer('far.json', 'far', { scope: 'elsewhere', process: endProcess() })
    expect(await look()).toEqual([])
    expect(warn).not.toHaveBeenCalled()
    expect(await readdir(folder())).toEqual(['far.json', 'self.json'])
  })

  test('leaves out files that are half written, or of somebody else', async () => {
    await writePeer('a.json.new', 'a')
    await writeFile(join(folder(), 'notes.txt'), 'x')
    expect(await look()).toEqual([])
    expect(warn).not.toHaveBeenCalled()
    expect(await readdir(folder())).toEqual(['a.json.new', 'notes.txt', 'self.json'])
  })

  test('is cleared of what a killed peer left half written, after a minute', async () => {
    const path = await writePeer('a.json.new', 'a')
    const longAgo = new Date(Date.now() - 61_000)
    await utimes(path, longAgo, longAgo)
    expect(await look()).toEqual([])
    expect(await readdir(folder())).toEqual(['self.json'])
  })

  test.each<[string, string, () => Promise<unknown>]>([
    ['broken', 'no peer that this version of netgen reads', () => writeFile(join(folder(), 'odd.json'), '{"format":')],
    ['of another name', 'no peer that this version of netgen reads', () => writePeer('odd.json', 'victim')],
    [
      'of a name out of the folder',
      'no peer that this version of netgen reads',
      () => writePeer('odd.json', '../victim'),
    ],
    [
      'a link, also to a peer',
      'a link, which is not followed',
      async () => symlink(await writePeer('other.txt', 'odd'), join(folder(), 'odd.json')),
    ],
    ['a folder', 'no file', () => mkdir(join(folder(), 'odd.json'))],
    ['a pipe', 'no file', async () => spawnSync('mkfifo', [join(folder(), 'odd.json')])],
    [
      'too large',
      'of 65537 bytes, which is too large',
      () => writeFile(join(folder(), 'odd.json'), ' '.repeat(64 * 1024 + 1)),
    ],
  ])('leaves out a file that is %s, warns of it once, and never removes it', async (_, reason, write) => {
    await write()
    await writePeer('victim.json', 'victim')
    expect(await look()).toEqual(['victim'])
    expect(await look()).toEqual(['victim'])
    expect(warn.mock.calls).toEqual([[`a file in the registry is ${reason}`, { path: join(folder(), 'odd.json') }]])
    expect(await readdir(folder())).toContain('odd.json')
  })

  test.skipIf(!isRoot)("leaves out another user's file, warns of it once, and never removes it", async () => {
    const path = await writePeer('odd.json', 'odd')
    await chown(path, 1, -1)
    expect([await look(), await look()]).toEqual([[], []])
    expect(warn.mock.calls).toEqual([["a file in the registry is another user's", { path }]])
    expect(await readdir(folder())).toContain('odd.json')
  })

  test('is refused where the folder is gone', async () => {
    await rm(folder(), { recursive: true })
    await expect(provider.refresh()).rejects.toMatchObject({
      code: 'unavailable',
      message: `registry folder ${folder()} cannot be read: close this peer, and make a new one`,
    })
    await mkdir(folder())
  })
})

describe('a process that was killed', () => {
  test('is seen without asking its peer, and its file is removed', async () => {
    await writePeer('dead.json', 'dead', { process: endProcess() })
    await writePeer('alive.json', 'alive')
    expect(await look()).toEqual(['alive'])
    expect(removed).toEqual(['dead'])
    expect(await readdir(folder())).toEqual(['alive.json', 'self.json'])
  })

  test('is left to be asked where it is of another container, and is asked sooner', async () => {
    await writePeer('far.json', 'far', { process: UNSEEN })
    await writePeer('near.json', 'near')
    expect(await look()).toEqual(['far', 'near'])
    expect(provider.patienceWith(createPeer('near'))).toBe(PATIENCE_HERE)
    expect(provider.patienceWith(createPeer('far')).probeAfterMs).toBeLessThan(PATIENCE_HERE.probeAfterMs)
    expect(provider.patienceWith(createPeer('far')).goneAfterMs).toBe(Number.POSITIVE_INFINITY)
  })

  test('by the thousand costs less than a second, once', async () => {
    const process = endProcess()
    await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => writePeer(`p${index}.json`, `p${index}`, { process })),
    )
    const before = performance.now()
    expect(await look()).toEqual([])
    expect(performance.now() - before).toBeLessThan(1_000)
    expect(await readdir(folder())).toEqual(['self.json'])
  })
})

describe('whoever watches', () => {
  test('is told of files that come and go, until the end', async () => {
    const end = watch()
    const path = await writePeer('a.json', 'a')
    await expect.poll(() => claimed.has('a')).toBe(true)
    await rm(path)
    await expect.poll(() => removed).toEqual(['a'])
    end()
    await writePeer('b.json', 'b')
    await createProvider().refresh()
    expect(claimed.has('b')).toBe(false)
  })

  test('reads no other file when one comes or goes, where the system says which', async () => {
    // What is looked at from time to time does not count here.
    vi.useFakeTimers({ toFake: ['setInterval'] })
    const list = vi.spyOn(PeersFolder.prototype, 'list')
    const read = vi.spyOn(PeersFolder.prototype, 'read')
    try {
      for (let index = 0; index < 20; index++) await writePeer(`p${index}.json`, `p${index}`)
      await provider.refresh()
      const end = watch()
      list.mockClear()
      read.mockClear()
      await writePeer('late.json', 'late')
      await expect.poll(() => claimed.has('late')).toBe(true)
      await rm(join(folder(), 'p7.json'))
      await expect.poll(() => removed).toEqual(['p7'])
      end()
      expect(list).not.toHaveBeenCalled()
      expect(new Set(read.mock.calls.flat())).toEqual(new Set(['late.json']))
      expect(claimed.size).toBe(21)
    } finally {
      vi.useRealTimers()
      vi.restoreAllMocks()
    }
  })

  test('reads the whole folder where the system tells of nothing', async () => {
    const silence = vi.spyOn(PeersFolder.prototype, 'watch').mockReturnValue(() => {})
    onTestFinished(() => silence.mockRestore())
    const end = watch()
    await writePeer('late.json', 'late')
    await expect.poll(() => claimed.has('late')).toBe(true)
    await rm(join(folder(), 'late.json'))
    await expect.poll(() => removed).toEqual(['late'])
    end()
  })

  test('is told of a kill, with no file that changes', async () => {
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'])
    await once(child, 'spawn')
    await writePeer('a.json', 'a', { process: { ...readOwnProcess(), pid: child.pid ?? 0 } })
    const end = watch()
    await expect.poll(() => claimed.has('a')).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await expect.poll(() => removed).toEqual(['a'])
    await expect.poll(() => readFile(join(folder(), 'a.json')).catch(() => 'removed')).toBe('removed')
    end()
  })
})
