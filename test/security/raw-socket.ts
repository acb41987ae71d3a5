import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect } from 'vitest'
import { listHeaders } from './send-request.js'
import type { Victim } from './use-victim.js'

/** A WebSocket as a socket, so that whatever is written is what arrives. */
export interface UpgradedSocket extends Socket {
  /** The answer to the request for it. */
  head: string
}

/** Opens one, with the token. `more`: headers besides. */
export async function openSocket(victim: Victim, more = ''): Promise<UpgradedSocket> {
  const lines = listHeaders('a session', victim).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(victim.peer.port, '127.0.0.1') as UpgradedSocket
  socket.on('error', () => {})
  socket.write(`GET /netgen/v1/session HTTP/1.1\r\n${lines.join('')}${more}\r\n`)
  const [head] = (await once(socket, 'data')) as [Buffer]
  socket.head = String(head)
  expect(socket.head).toMatch(/^HTTP\/1\.1 101 /)
  return socket
}

/** The code of the close frame that comes behind what the peer says first. */
export async function readCloseCode(socket: Socket): Promise<number | undefined> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const findClose = (): number | undefined => {
    const bytes = Buffer.concat(chunks)
    let at = 0
    while (at + 2 <= bytes.length) {
      const length = bytes[at + 1] ?? 0
      const isLong = length === 126
      const size = isLong ? bytes.readUInt16BE(at + 2) : length
      const begin = at + (isLong ? 4 : 2)
      if (((bytes[at] ?? 0) & 0x0f) === 8 && begin + 2 <= bytes.length) return bytes.readUInt16BE(begin)
      at = begin + size
    }
    return undefined
  }
  await expect.poll(findClose, { timeout: 10_000 }).toBeDefined()
  socket.destroy()
  return findClose()
}
