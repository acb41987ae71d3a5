import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deriveSecret } from '../../../runtime/peer/group-key.js'
import { silent } from '../behaviour/harness.js'

const key = 'sixteen letters.'
const derive = (text: string): Promise<Buffer> => deriveSecret({ kind: 'text', text })

describe("a group's key", () => {
  test('gives the same secret of 32 bytes wherever it is typed', async () => {
    const secret = await derive('sixteen lettérs.')
    expect(secret).toHaveLength(32)
    expect(await derive('sixteen lette\u0301rs.')).toEqual(secret)
    expect(await derive('Sixteen lettérs.')).not.toEqual(secret)
  })

  test.each([` ${key}`, `${key} `, `${key}\n`, `\t${key}`, ' '.repeat(16)])(
    'has no blank at its ends, which nobody sees in a file or a variable: %j',
    async (text) => {
      await expect(derive(text)).rejects.toMatchObject({
        code: 'invalid_argument',
        message: 'key begins or ends with a blank or a line break, and would be another key without it: trim it',
      })
    },
  )

  test('is 16 characters or more, and no error shows it', async () => {
    await expect(derive('123456789012345')).rejects.toMatchObject({
      code: 'invalid_argument',
      message:
        'key has 15 characters, expected 16 or more, since strangers can try keys as fast as they compute: ' +
        '`openssl rand -base64 24` makes a good one',
    })
  })
})

describe('peers with a key', () => {
  let registry: string
  let peers: Peer[]

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    peers = []
  })
  afterEach(async () => {
    await Promise.all(peers.map((peer) => peer.close()))
    await rm(registry, { recursive: true })
  })

  const start = async (options: PeerOptions): Promise<Peer> => {
    const peer = await createPeer({ registry, port: 0, logger: silent, ...options })
    peers.push(peer)
    return peer
  }
  const idsOf = async (peer: Peer): Promise<string[]> => (await peer.peers({ refresh: true })).map(({ id }) => id)

  test('meet those of their machine that have the same, and nobody else, who stay as they were', async () => {
    const keyFile = join(registry, 'key')
    await writeFile(keyFile, `${key}\n`, { mode: 0o600 })
    const [one, two, other, without] = [
      await start({ key }),
      await start({ keyFile }),
      await start({ key: 'another key of 26 letters.' }),
      await start({}),
    ]
    expect(await idsOf(one)).toEqual([two.id])
    expect(await idsOf(two)).toEqual([one.id])
    expect(await idsOf(other)).toEqual([])
    expect(await idsOf(without)).toEqual([])
    await start({})
    expect(await idsOf(without)).toHaveLength(1)
  })

  test('learn nothing of one that has another, nor does it of them', async () => {
    const one = await start({ key })
    const other = await start({ key: 'another key of 26 letters.' })
    await expect(one.peers({ refresh: true })).resolves.toEqual([])
    const { netgen } = await import('netgen/runtime')
    await expect(
      one.connect(netgen).passThrough(1, { peer: `127.0.0.1:${other.port}`, retryMs: 0 }),
    ).rejects.toMatchObject({
      code: 'unauthenticated',
      message: `what listens at 127.0.0.1:${other.port} is no peer with this key: give both the same key, or call one that has it`,
    })
  })

  test('do not start where the key cannot be read, or is too short', async () => {
    const keyFile = join(registry, 'none')
    await expect(start({ keyFile })).rejects.toMatchObject({
      code: 'unavailable',
      message: `key file ${keyFile} does not exist: write it, or correct its path`,
    })
    await writeFile(keyFile, 'short\n', { mode: 0o600 })
    await expect(start({ keyFile })).rejects.toMatchObject({
      code: 'invalid_argument',
      message:
        `the key in ${keyFile} has 5 characters, expected 16 or more, since strangers can try keys as fast as they compute: ` +
        '`openssl rand -base64 24` makes a good one',
    })
  })

  test('do not start where the key in a file has blanks at its ends, but for the line break of its line', async () => {
    const keyFile = join(registry, 'key')
    await writeFile(keyFile, `${key} \n`, { mode: 0o600 })
    await expect(start({ keyFile })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: `the key in ${keyFile} begins or ends with a blank or a line break, and would be another key without it: trim it`,
    })
    await writeFile(keyFile, `${key}\r\n`)
    expect(await deriveSecret({ kind: 'file', path: keyFile })).toEqual(await derive(key))
  })

  test.each([0o640, 0o604, 0o660, 0o602])(
    'do not start where others may read, or change, the file of the key: %o',
    async (mode) => {
      const keyFile = join(registry, 'key')
      await writeFile(keyFile, key)
      await chmod(keyFile, mode)
      await expect(start({ keyFile })).rejects.toMatchObject({
        code: 'permission_denied',
        message: `key file ${keyFile} is open to other users: run chmod 600 on it, or mount it with mode 0400`,
      })
    },
  )

  test.skipIf(process.getuid?.() !== 0)(
    "take the key from another user's file, as a keeper of secrets has it",
    async () => {
      const keyFile = join(registry, 'key')
      await writeFile(keyFile, key)
      await chmod(keyFile, 0o444)
      await chown(keyFile, 1, 1)
      expect(await deriveSecret({ kind: 'file', path: keyFile })).toEqual(await derive(key))
    },
  )

  test.each(['0.0.0.0', '::'])('listen on all addresses, and on one port, at %s', async (host) => {
    const all = await start({ key, host })
    const one = await start({ key })
    const stub = one.connect((await import('netgen/runtime')).netgen)
    expect(await idsOf(one)).toEqual([all.id])
    for (const target of [
      all.id,
      `127.0.0.1:${all.port}`,
      `localhost:${all.port}`,
      `${all.host}:${all.port}`,
      `[::ffff:127.0.0.1]:${all.port}`,
    ]) {
      expect(await stub.passThrough(target, { peer: target })).toBe(target)
    }
  })

  test('do not start at an address that is not of this machine', async () => {
    await expect(start({ key, host: '203.0.113.254' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^203\.0\.113\.254 is no address of this machine: it has 127\.0\.0\.1/),
    })
  })
})
