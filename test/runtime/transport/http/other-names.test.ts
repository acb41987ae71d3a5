import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authorize, createPeer, netgen, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silent } from '../../behaviour/harness.js'

let registry: string
let closing: (() => Promise<unknown>)[]

beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  closing = []
})
afterEach(async () => {
  for (const close of closing.reverse()) await close()
  await rm(registry, { recursive: true })
})

async function start(options: PeerOptions = {}): Promise<Peer> {
  const peer = await createPeer({ registry, port: 0, logger: silent, ...options })
  closing.push(() => peer.close())
  return peer
}

/** Translates an address, as a router does: what comes to it goes on to a port of 127.0.0.1. */
async function translate(port: number): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1')
    for (const end of [socket, onward]) sockets.add(end.on('error', () => {}))
    socket.pipe(onward).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as { port: number }).port
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a peer is found, and called, at the address that it advertises', async () => {
  const port = await findFreePort()
  const outer = await translate(port)
  const key = 'sixteen letters.'
  const there = await start({ port, advertise: `127.0.0.1:${outer}`, key })
  expect([there.host, there.port]).toEqual(['127.0.0.1', outer])
  // Of another machine: it has another registry, and knows where others are told to go.
  const elsewhere = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  closing.push(() => rm(elsewhere, { recursive: true }))
  const here = await start({ registry: elsewhere, peers: [`127.0.0.1:${outer}`], key })
  expect((await here.peers()).map(({ id, port: found }) => [id, found])).toEqual([[there.id, outer]])
  const { passThrough } = here.connect(netgen)
  for (const target of [there.id, `127.0.0.1:${outer}`, `127.0.0.1:${port}`]) {
    expect(await passThrough(target, { peer: target })).toBe(target)
  }
})

test('a peer of the same machine is found where it listens, whatever it advertises', async () => {
  // A router seldom leads back those who are behind it.
  const nowhere = await findFreePort()
  const there = await start({ advertise: `127.0.0.1:${nowhere}` })
  const here = await start()
  const [found] = await here.peers()
  expect([found?.id, found?.host, found?.port === nowhere]).toEqual([there.id, '127.0.0.1', false])
  expect(await here.connect(netgen).passThrough('hello', { peer: there.id })).toBe('hello')
})

test('a translated address that is not advertised proves nothing', async () => {
  const there = await start()
  const outer = await translate(there.port)
  const here = await start()
  await expect(here.connect(netgen).passThrough(1, { peer: `127.0.0.1:${outer}`, retryMs: 0 })).rejects.toMatchObject({
    code: 'unauthenticated',
  })
})

test('an HTTP client may call a peer by a name of its machine, and by no other', async () => {
  const peer = await start({ names: ['Notes.Example'] })
  const headers = await authorize(`127.0.0.1:${peer.port}`, { registry })
  const call = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const path = '/netgen/v1/netgen.passThrough'
      const options = { host: '127.0.0.1', port: peer.port, method: 'POST', path }
      const sent = request(
        { ...options, headers: { ...headers, host, 'content-type': 'application/json' } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      sent.on('error', reject).end('1')
    })
  expect(await call(`notes.example:${peer.port}`)).toBe(200)
  expect(await call('NOTES.example')).toBe(200)
  expect(await call(`other.example:${peer.port}`)).toBe(403)
})
