import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Address } from '../../../../runtime/api/address.js'
import type { Closing, Link } from '../../../../runtime/transport/session/link.js'
import { dialLink, LinkAcceptor } from '../../../../runtime/transport/session/websocket-link.js'
import { catchError } from '../../behaviour/harness.js'

const BEAT_MS = 15_000

let server: Server
let address: Address
let acceptor: LinkAcceptor
let accepted: Promise<Link>

beforeEach(async () => {
  acceptor = new LinkAcceptor()
  server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = { host: '127.0.0.1', port: (server.address() as { port: number }).port }
  accepted = new Promise((resolve) => {
    server.on('upgrade', (request, socket, head) => acceptor.accept(request, socket, head, resolve))
  })
})
afterEach(() => {
  vi.useRealTimers()
  server.close()
})

/** A client that has opened a WebSocket, and does nothing by itself from then on. */
async function openRaw(): Promise<Socket> {
  const socket = connect(address.port, address.host)
  const head = [
    'GET /netgen/v1/session HTTP/1.1',
    `host: ${address.host}:${address.port}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol: netgen.v2, netgen.v1',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 101 [\s\S]*\r\nSec-WebSocket-Protocol: netgen\.v1\r\n/)
  return socket
}

function listen(link: Link): Promise<Closing> {
  return new Promise((resolve) => link.listen({ onFrame: () => {}, onClose: resolve }))
}

describe('a link', () => {
  test('is closed with 4408 where nothing answers two pings, and not before', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const socket = await openRaw()
    const closed = listen(await accepted)
    const ended = vi.fn()
    void closed.then(ended)
    vi.advanceTimersByTime(2 * BEAT_MS)
    // A ping (RFC 6455, 5.5.2) that is not masked is 0x89 0x00.
    const [pings] = (await once(socket, 'data')) as [Buffer]
    expect(pings.toString('hex')).toBe('89008900')
    expect(ended).not.toHaveBeenCalled()
    vi.advanceTimersByTime(BEAT_MS)
    expect(await closed).toEqual({ code: 4408, reason: 'nothing was heard', by: 'here' })
  })

  test.each<[string, Buffer]>([
    ['a pong', Buffer.from([0x8a, 0x80, 0, 0, 0, 0])],
    ['a ping of its own', Buffer.from([0x89, 0x80, 0, 0, 0, 0])],
    ['a frame', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x31])],
  ])('stays where %s is heard', async (_, bytes) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const socket = await openRaw()
    const link = await accepted
    const ended = vi.fn()
    void listen(link).then(ended)
    for (let beat = 0; beat < 5; beat++) {
      vi.advanceTimersByTime(BEAT_MS)
      socket.write(bytes)
      await once(socket, 'data')
    }
    expect(ended).not.toHaveBeenCalled()
    socket.destroy()
    await vi.waitFor(() => expect(ended).toHaveBeenCalledWith({ code: 1006, reason: '', by: 'there' }))
  })

  test('is counted until it ends', async () => {
    const socket = await openRaw()
    const closed = listen(await accepted)
    expect(acceptor.openLinks).toBe(1)
    socket.destroy()
    await closed
    await vi.waitFor(() => expect(acceptor.openLinks).toBe(0))
  })

  test.each<[string, number, string, string, string]>([
    [
      'a refusal of netgen',
      426,
      JSON.stringify({
        error: {
          kind: 'netgen',
          name: 'NetgenError',
          code: 'failed_precondition',
          message: 'this peer speaks "netgen.v2"\u001b',
          maybeExecuted: false,
          errorId: 'e1',
          hops: [],
        },
      }),
      'failed_precondition',
      'ADDRESS refuses a session: this peer speaks "netgen.v2"',
    ],
    [
      'a page',
      200,
      '<html>',
      'internal',
      'the answer of ADDRESS is refused: it has status 200 and no error that netgen reads',
    ],
    [
      'far too much',
      403,
      'x'.repeat(1_000_000),
      'internal',
      'the answer of ADDRESS is refused: it has status 403 and no error that netgen reads',
    ],
  ])('is not opened by an answer other than 101: %s', async (_, status, body, code, message) => {
    server.removeAllListeners('upgrade')
    server.on('request', (_request, response) => response.writeHead(status).end(body))
    const error = await catchError(dialLink(address, {}, 5_000))
    expect(error).toMatchObject({
      code,
      maybeExecuted: false,
      message: message.replace('ADDRESS', `${address.host}:${address.port}`),
    })
  })
})
