import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, NetgenError, netgen, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTrust } from '../../runtime/peer/open-trust.js'
import type { Trust } from '../../runtime/transport/http/trust.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { countSockets } from '../runtime/behaviour/socket-harness.js'
import { HELLO } from './attack-session.js'
import { type Behave, type HostileServer, startHostileServer, writeAnswer, writeServerFrame } from './hostile-server.js'

let registry: string
let trust: Trust
let before = 0
let peer: Peer
let server: HostileServer

beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-hostile-'))
  ;({ trust } = await openTrust(registry, undefined))
  before = countSockets()
  peer = await createPeer({ registry, port: 0, logger: silent })
})
afterEach(async () => {
  const keys = Reflect.ownKeys(Object.prototype)
  await peer.close()
  await server.close()
  await rm(registry, { recursive: true })
  await expect.poll(countSockets, { timeout: 2_000 }).toBeLessThanOrEqual(before)
  expect(Reflect.ownKeys(Object.prototype)).toEqual(keys)
})

/** Starts a server that is hostile in its own way. */
async function listen(behave: Behave): Promise<string> {
  server = await startHostileServer(trust, behave)
  return server.address
}

const reply =
  (text: string): Behave =>
  (socket) =>
    void socket.write(text)

/** Opens the session, and answers the first call with these messages. */
const answerCall =
  (...lines: readonly string[]): Behave =>
  (socket, head) => {
    socket.write(head)
    socket.write(writeServerFrame(`${HELLO}\n`))
    // What is sent over loopback is masked with zeros, and so can be read.
    socket.on('data', (sent) => {
      if (String(sent).includes('netgen.passThrough'))
        socket.write(writeServerFrame(lines.map((line) => `${line}\n`).join('')))
    })
  }

const endless: Behave = (socket) => {
  const write = (): void => {
    if (!socket.destroyed) socket.write('x'.repeat(65_536), write)
  }
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 99999999999\r\n\r\n', write)
}

const call = async (address: string, timeoutMs = 10_000): Promise<Error & Record<string, unknown>> =>
  catchError(peer.connect(netgen).passThrough('mine', { peer: address, retryMs: 0, timeoutMs }))

describe('a server that proved itself, and is asked for a session, gets nothing of the call where it answers', () => {
  test.each<[string, Behave, string, string]>([
    [
      'garbage',
      reply('\u0000\u0001garbage\r\n\r\n'),
      'internal',
      'the answer of AT is refused: it is no HTTP that netgen reads',
    ],
    [
      'HTML',
      reply(writeAnswer(200, '<html>', 'text/html')),
      'internal',
      'the answer of AT is refused: it has status 200 and no error that netgen reads',
    ],
    [
      '204',
      reply('HTTP/1.1 204 No Content\r\n\r\n'),
      'internal',
      'the answer of AT is refused: it has status 204 and no error that netgen reads',
    ],
    [
      'a redirect',
      reply('HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'),
      'internal',
      'the answer of AT is refused: it has status 307 and no error that netgen reads',
    ],
    [
      'a header of 100 KB',
      reply(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`),
      'internal',
      'the answer of AT is refused: it is no HTTP that netgen reads',
    ],
    [
      'half a head',
      (socket) => void socket.end('HTTP/1.1 101 Switch'),
      'unavailable',
      'the connection to AT was lost: the handler has not run',
    ],
    ['an end', (socket) => void socket.end(), 'unavailable', 'the connection to AT was lost: the handler has not run'],
    [
      'a reset',
      (socket) => void socket.resetAndDestroy(),
      'unavailable',
      'the connection to AT was lost: the handler has not run',
    ],
    [
      'a body without an end',
      endless,
      'internal',
      'the answer of AT is refused: it has status 200 and no error that netgen reads',
    ],
    [
      '101 for another key',
      (socket, head) => void socket.write(head.replace(/accept: \S+/, 'accept: AAAA')),
      'unavailable',
      'the connection to AT was lost: the handler has not run',
    ],
    [
      '101 with compression',
      (socket, head) =>
        void socket.write(head.replace(/\r\n\r\n$/, '\r\nsec-websocket-extensions: permessage-deflate\r\n\r\n')),
      'unavailable',
      'the connection to AT was lost: the handler has not run',
    ],
    [
      '101 for another protocol',
      (socket, head) => void socket.write(head.replace('netgen.v1', 'chat')),
      'unavailable',
      'the connection to AT was lost: the handler has not run',
    ],
    [
      'an error of netgen',
      reply(
        writeAnswer(
          429,
          '{"error":{"kind":"netgen","name":"NetgenError","message":"no","code":"resource_exhausted","maybeExecuted":false,"errorId":"x","hops":[]}}',
        ),
      ),
      'resource_exhausted',
      'AT refuses a session: no',
    ],
  ])('with %s', async (_, behave, code, message) => {
    const address = await listen(behave)
    const error = await call(address)
    expect(error).toBeInstanceOf(NetgenError)
    expect([error['code'], error['maybeExecuted'], error.message]).toEqual([
      code,
      false,
      message.replace('AT', address),
    ])
  })

  test('nothing', async () => {
    expect(await call(await listen(() => {}), 1_000)).toMatchObject({ code: 'deadline_exceeded', maybeExecuted: false })
  })
})

describe('a session whose other end answers a call with', () => {
  test.each<[string, Behave, string]>([
    [
      'no hello',
      (socket, head) => void socket.write(Buffer.concat([Buffer.from(head), writeServerFrame('[2,1,"x"]\n')])),
      'the first line has to be a hello',
    ],
    ['no JSON', answerCall('<html>'), 'a line is no message'],
    ['a wrong type', answerCall('{"ok":true}'), 'a line is no message'],
    ['an error that is none', answerCall('[3,1,"oops"]'), 'a line is no message'],
    ['__proto__', answerCall('[2,1,{"__proto__":{"isAdmin":true}}]'), 'a line is no message'],
    ['100,000 levels', answerCall(`[2,1,${'['.repeat(30_000)}`), 'a line is no message'],
    ['half an answer', (socket, head) => void answerCall('[2,1,"mi')(socket, head), 'a line is no message'],
    [
      'a binary frame',
      (socket, head) => void socket.write(Buffer.concat([Buffer.from(head), Buffer.from([0x82, 0x01, 0x00])])),
      'frames have to be text',
    ],
    [
      'a frame that is masked',
      (socket, head) =>
        void socket.write(Buffer.concat([Buffer.from(head), Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x5b])])),
      'Invalid WebSocket frame: MASK must be clear',
    ],
    [
      'a frame of 2^62 bytes',
      (socket, head) =>
        void socket.write(Buffer.concat([Buffer.from(head), Buffer.from([0x81, 0x7f, 0x40, 0, 0, 0, 0, 0, 0, 0])])),
      'Unsupported WebSocket frame: payload length > 2^53 - 1',
    ],
  ])('%s fails the call, typed, and touches nothing else', async (_, behave, problem) => {
    const address = await listen(behave)
    const error = await call(address)
    expect(error).toBeInstanceOf(NetgenError)
    expect([error['code'], error['maybeExecuted'], error.message]).toEqual([
      'internal',
      true,
      `the connection to ${address} was closed, since it sent what no peer sends (${problem}): the handler may have run`,
    ])
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })
})
