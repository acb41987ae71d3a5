import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PeerTable } from '../../../../runtime/discovery/peer-table.js'
import { ScanProvider } from '../../../../runtime/discovery/scan/scan-provider.js'
import { ServedBy } from '../../../../runtime/discovery/served-by.js'
import { openTrust } from '../../../../runtime/peer/open-trust.js'
import { HttpTransport } from '../../../../runtime/transport/http/http-transport.js'
import { silent } from '../../behaviour/harness.js'
import { createPeer as createRemote } from '../fake-provider.js'

const key = 'a key for whoever scans'
let folder: string
let closing: (() => Promise<unknown> | unknown)[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netgen-scan-'))
  closing = []
})
afterEach(async () => {
  for (const close of closing.reverse()) await close()
  await rm(folder, { recursive: true })
})

/** A peer that others find only by scanning: its registry is its own. */
async function start(name: string, options: PeerOptions = {}): Promise<Peer> {
  const peer = await createPeer({ key, port: 0, registry: join(folder, name), logger: silent, ...options })
  closing.push(() => peer.close())
  return peer
}

/** What strangers do with a connection, and all that was sent to them. */
async function startStranger(behave: (socket: Socket) => void, sent: string[]): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('data', (chunk) => sent.push(chunk.toString('latin1')))
    behave(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as { port: number }).port
}

/** A table whose only provider scans these ports of this host. */
async function scan(ports: readonly number[]): Promise<PeerTable> {
  const { trust } = await openTrust(join(folder, 'scanner'), { kind: 'text', text: key })
  const place = { host: undefined, port: { kind: 'exact', port: 0 }, advertise: undefined, names: [] } as const
  const transport = new HttpTransport({ trust, place, logger: silent })
  const provider = new ScanProvider({ targets: [], ports, width: 64, logger: silent })
  const options = { selfId: 'self', selfGroup: 'default', providers: [provider], transport, concurrency: 64 }
  const served = new ServedBy({ ask: async () => [], logger: silent })
  const table = new PeerTable({ ...options, served, logger: silent })
  await table.start(createRemote('self'))
  closing.push(async () => {
    table.close()
    await table.stop()
    await transport.close()
  })
  return table
}

const answer = (text: string) => (socket: Socket) => void socket.once('data', () => socket.write(text))
const STRANGERS: [string, (socket: Socket) => void][] = [
  ['a tarpit', () => {}],
  ['a reset', (socket) => socket.resetAndDestroy()],
  ['junk', answer('\x00\xff SSH-2.0-OpenSSH\r\n')],
  ['a redirect', answer('HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n')],
  ['a huge answer', answer(`HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n${'x'.repeat(200_000)}`)],
  ['HTML', answer('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>')],
]

describe('a scan', () => {
  test('row 46: finds peers at its ports, each once, and not itself', async () => {
    const [one, two] = [await start('one'), await start('two')]
    const table = await scan([one.port, two.port, one.port])
    expect((await table.list({})).map(({ id }) => id).sort()).toEqual([one.id, two.id].sort())
  })

  test.each(STRANGERS)(
    'row 45: takes %s for a stranger, who is told nothing, and finds the peer beside',
    async (_, behave) => {
      const sent: string[] = []
      const port = await startStranger(behave, sent)
      const peer = await start('one')
      const table = await scan([port, peer.port])
      expect((await table.list({})).map(({ id }) => id)).toEqual([peer.id])
      for (const request of sent) {
        expect(request).toMatch(
          /^GET \/netgen\/v1\/identity\?challenge=[\w-]{43} HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\nconnection: keep-alive\r\n\r\n$/,
        )
      }
    },
  )

  test('row 44: of 100 ports, a third of them tarpits, ends within 2 s, and tells nobody who it is', async () => {
    const sent: string[] = []
    const ports: number[] = []
    while (ports.length < 100) ports.push(await startStranger(STRANGERS[ports.length % 3]?.[1] ?? (() => {}), sent))
    const peer = await start('one')
    const table = await scan([...ports, peer.port])
    const startedAtMs = performance.now()
    expect((await table.list({})).map(({ id }) => id)).toEqual([peer.id])
    expect(performance.now() - startedAtMs).toBeLessThan(2_000)
    expect(sent.filter((request) => !request.startsWith('GET /netgen/v1/identity?challenge='))).toEqual([])
    expect(sent.join('').toLowerCase()).not.toContain('authorization')
  }, 60_000)

  test('goes on while somebody follows: who comes later is found, and who comes after that at the same port', async () => {
    const first = await start('first')
    const table = await scan([first.port])
    const seen: string[] = []
    closing.push(table.follow(({ type, peer: { id } }) => seen.push(`${type} ${id}`)))
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual([`joined ${first.id}`])
    await first.close()
    await expect.poll(() => seen, { timeout: 5_000 }).toContain(`left ${first.id}`)
    const second = await start('second', { port: first.port })
    await expect.poll(() => seen, { timeout: 10_000 }).toContain(`joined ${second.id}`)
  })
})

test('row 43: peers that scan find each other without a registry, by the ports of the environment', async () => {
  const before = process.env['NET_PORT_START']
  const range = await findFreeRange()
  process.env['NET_PORT_START'] = String(range)
  try {
    const options = { key, logger: silent, scan: true }
    const peers: Peer[] = []
    for (const name of ['one', 'two', 'three']) {
      const peer = await createPeer({ ...options, registry: join(folder, name) })
      closing.push(() => peer.close())
      peers.push(peer)
    }
    expect(peers.map(({ port }) => port)).toEqual([range, range + 1, range + 2])
    const [one, two, three] = peers.map(({ id }) => id)
    expect((await peers[0]?.peers())?.map(({ id }) => id).sort()).toEqual([two, three].sort())
    expect((await peers[2]?.peers())?.map(({ id }) => id).sort()).toEqual([one, two].sort())
  } finally {
    if (before === undefined) delete process.env['NET_PORT_START']
    else process.env['NET_PORT_START'] = before
  }
})

/** The first of six ports that are free now. */
async function findFreeRange(): Promise<number> {
  for (let first = 31_000; first < 60_000; first += 6) {
    const servers = Array.from({ length: 6 }, () => createServer())
    const results = await Promise.allSettled(
      servers.map(
        (server, index) =>
          new Promise<void>((resolve, reject) => {
            server.once('error', reject).listen(first + index, '127.0.0.1', resolve)
          }),
      ),
    )
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    if (results.every(({ status }) => status === 'fulfilled')) return first
  }
  throw new Error('no six ports are free')
}
