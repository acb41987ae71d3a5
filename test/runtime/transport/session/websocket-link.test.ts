import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type Address, isLoopback } from '../../../../runtime/api/address.js'
import { dialLink, LinkAcceptor } from '../../../../runtime/transport/session/websocket-link.js'

describe('a link over a WebSocket', () => {
  let server: Server
  let address: Address

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  const dialRaw = async (): Promise<{ raw: WebSocket; frames: string[] }> => {
    const acceptor = new LinkAcceptor()
    const frames: string[] = []
    server.once('upgrade', (request, socket, head) => {
      acceptor.accept(request, socket, head, (link) => {
        link.listen({ onFrame: (frame) => frames.push(frame), onClose: () => {} })
      })
    })
    const raw = new WebSocket(`ws://127.0.0.1:${address.port}`, 'netgen.v1')
    await once(raw, 'open')
    return { raw, frames }
  }

  test.each([
    ['ASCII', 'plain'],
    ['Latin-1', 'é'],
    ['more than one unit', 'Łódź 😀'],
    ['nothing', ''],
  ])('reads a frame of %s', async (_, text) => {
    const { raw, frames } = await dialRaw()
    raw.send(text)
    await expect.poll(() => frames).toEqual([text])
    raw.terminate()
  })

  test.each<[string, Buffer, boolean, string]>([
    ['is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), false, 'a frame is not UTF-8'],
    ['holds half a surrogate', Buffer.from([0xed, 0xa0, 0x80]), false, 'a frame is not UTF-8'],
    ['is binary', Buffer.from('text'), true, 'frames have to be text'],
  ])('closes with 4400 where a frame %s', async (_, bytes, binary, reason) => {
    const { raw, frames } = await dialRaw()
    raw.send(bytes, { binary })
    const [code, text] = (await once(raw, 'close')) as [number, Buffer]
    expect([code, text.toString()]).toEqual([4400, reason])
    expect(frames).toEqual([])
  })

  test('is read by any WebSocket server, though it masks nothing on loopback', async () => {
    const frames: string[] = []
    const masks: number[][] = []
    const others = new WebSocketServer({ server, handleProtocols: () => 'netgen.v1' })
    others.on('connection', (socket, { socket: stream }) => {
      // FIN and text, masked and 5 bytes long, then the mask.
      stream.prependListener('data', (chunk: Buffer) => masks.push([...chunk.subarray(0, 6)]))
      socket.on('message', (frame) => frames.push(String(frame)))
    })
    const link = await dialLink(address, {}, 1_000)
    link.listen({ onFrame: () => {}, onClose: () => {} })
    link.send('hello')
    await expect.poll(() => frames).toEqual(['hello'])
    expect(masks).toEqual([[0x81, 0x85, 0, 0, 0, 0]])
    link.terminate()
  })
})

test.each([
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['::1', true],
  ['localhost', false],
  ['128.0.0.1', false],
  ['127.0.0.1.example.org', false],
  ['192.168.0.7', false],
])('%s is loopback: %s', (host, want) => {
  expect(isLoopback(host)).toBe(want)
})
