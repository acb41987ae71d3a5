import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLines } from '../../../../runtime/transport/http/answer-lines.js'
import { limitUnread, UNREAD_TIMEOUT_MS } from '../../../../runtime/transport/http/limit-unread.js'
import { connectRaw, type RawClient, writeHead } from './raw-client.js'

/** More than the kernels of two processes keep for one connection. */
const LONG = 'x'.repeat(16 * 1024 * 1024)

let server: Server
let client: RawClient
let responses: ServerResponse[]

beforeEach(async () => {
  responses = []
  server = createServer((_, response) => void responses.push(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  client = await connectRaw((server.address() as AddressInfo).port)
  client.socket.pause()
})
afterEach(() => {
  client.socket.destroy()
  server.closeAllConnections()
  server.close()
})

const ask = async (count: number): Promise<ServerResponse[]> => {
  client.socket.write(writeHead('GET / HTTP/1.1', 'Host: a').repeat(count))
  await expect.poll(() => responses).toHaveLength(count)
  return responses
}
const give = (response: ServerResponse | undefined, text: string): void => {
  response?.end(text)
  if (response !== undefined) limitUnread(response)
}

test('an answer that has left whole needs no timer', async () => {
  const [response] = await ask(1)
  const socket = response?.socket
  give(response, 'short')
  expect([socket?.writableLength, socket?.timeout]).toEqual([0, undefined])
})

test('one of which a part waits has its time from then on', async () => {
  const [response] = await ask(1)
  const socket = response?.socket
  give(response, LONG)
  expect(socket?.timeout).toBe(UNREAD_TIMEOUT_MS)
})

test('one that waits for its turn has it from that on, also where the others had left', async () => {
  const [first, second] = await ask(2)
  const socket = first?.socket
  give(second, LONG)
  expect(socket?.timeout).toBeUndefined()
  give(first, 'short')
  await expect.poll(() => socket?.timeout).toBe(UNREAD_TIMEOUT_MS)
})

test('the lines of a stream have it once the last is written', async () => {
  const [response] = await ask(1)
  if (response === undefined) throw new Error('nothing was asked')
  const { socket } = response
  const lines = openLines(response)
  lines.write(LONG)
  expect(socket?.timeout).toBeUndefined()
  lines.end('{"end":true}')
  expect(socket?.timeout).toBe(UNREAD_TIMEOUT_MS)
})
