import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Trust } from '../../runtime/transport/http/trust.js'

/** What a server does for a request for a session; the head that would accept it is given. */
export type Behave = (socket: Socket, accept: string) => void

/** A server that knows what its user's peers share. */
export interface HostileServer {
  readonly address: string
  close(): Promise<void>
}

/** The id by which it is known. */
const ID = 'b4b62b08490fe9a4'

/** Starts a server that proves itself as a peer does, and is hostile where it is asked for a session. */
export async function startHostileServer(trust: Trust, behave: Behave): Promise<HostileServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setEncoding('latin1').on('error', () => {})
    socket.on('data', (text) => {
      const challenge = /^GET \S+challenge=(\S+)/.exec(String(text))?.[1]
      const key = /sec-websocket-key: (\S+)/i.exec(String(text))?.[1]
      if (challenge !== undefined) socket.write(prove(trust, challenge, socket.localPort ?? 0))
      else if (key !== undefined) behave(socket, accept(key))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function prove(trust: Trust, challenge: string, port: number): string {
  const proof = trust.prove(challenge, ID, { host: '127.0.0.1', port })
  const sealed = trust.seal(JSON.stringify({ group: 'default', hub: false }), challenge, ID)
  return writeAnswer(200, JSON.stringify({ id: ID, sealed, proof }))
}

/** An answer of HTTP with a body. */
export function writeAnswer(status: number, body: string, type = 'application/json'): string {
  return `HTTP/1.1 ${status} X\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

function accept(key: string): string {
  const hash = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return `HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${hash}\r\nsec-websocket-protocol: netgen.v1\r\n\r\n`
}

/** A frame of text, shorter than 64 KiB, as servers send it: without a mask. */
export function writeServerFrame(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text)
  const head = bytes.length < 126 ? [0x81, bytes.length] : [0x81, 126, bytes.length >> 8, bytes.length & 0xff]
  return Buffer.concat([Buffer.from(head), bytes])
}
