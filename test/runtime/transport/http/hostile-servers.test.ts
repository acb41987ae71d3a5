import { createServer, type Server, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RemotePeer } from '../../../../runtime/api/remote-peer.js'
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import { HttpTransport } from '../../../../runtime/transport/http/http-transport.js'
import { Trust } from '../../../../runtime/transport/http/trust.js'

const trust = new Trust(Buffer.alloc(32, 1))
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** What a hostile server writes for a request; nothing more, unless it ends the connection itself. */
type Behave = (socket: Socket, request: string) => void

let deadlines: Deadlines
let transport: HttpTransport
let server: Server
let sockets: Set<Socket>
let requests: string[]
let peer: RemotePeer

beforeEach(() => {
  deadlines = new Deadlines()
  sockets = new Set()
  requests = []
  const place = { host: undefined, port: { kind: 'exact', port: 0 }, advertise: undefined, names: [] } as const
  transport = new HttpTransport({ trust, place, logger: quiet })
})
afterEach(async () => {
  await transport.close()
  deadlines.close()
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
})

async function listen(behave: Behave): Promise<RemotePeer> {
  server = createServer((socket) => {
    sockets.add(socket)
    socket.setEncoding('latin1').on('error', () => {})
    socket.on('data', (text) => {
      requests.push(String(text))
      behave(socket, String(text))
    })
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  peer = { id: 'abc', host: '127.0.0.1', port, group: 'notes', hub: false }
  return peer
}

function answer(body: string | Buffer, ...headers: string[]): Buffer {
  const head = ['HTTP/1.1 200 OK', 'content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]
  return Buffer.concat([Buffer.from(`${[...head, ...headers].join('\r\n')}\r\n\r\n`), Buffer.from(body)])
}

/** Proves itself as a peer does, and is hostile only where it is called. */
const afterProof =
  (behave: Behave): Behave =>
  (socket, request) => {
    const challenge = /^GET \S+challenge=(\S+)/.exec(request)?.[1]
    if (challenge === undefined) {
      behave(socket, request)
      return
    }
    const { id, group, hub, port } = peer
    const dialled = { host: '127.0.0.1', port }
    const sealed = trust.seal(JSON.stringify({ group, hub }), challenge, id)
    socket.write(answer(JSON.stringify({ id, sealed, proof: trust.prove(challenge, id, dialled) })))
  }

const reply =
  (...parts: readonly (string | Buffer)[]): Behave =>
  (socket) => {
    for (const part of parts) socket.write(part)
  }

/** Nothing comes, however long a call waits. */
const silent: Behave = () => {}

const endless: Behave = (socket) => {
  const write = (): void => {
    if (!socket.destroyed) socket.write('x'.repeat(65_536), write)
  }
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n')
  socket.write('8000000\r\n', write)
}

async function call(timeoutMs = 10_000): Promise<unknown> {
  const scope = new CallScope(deadlines, 'notes.save', timeoutMs)
  const wire = { tag: 'notes.save', body: '{"secret":1}', timeLeftMs: timeoutMs, caller: { id: 'me', group: 'notes' } }
  try {
    return await transport.call(peer, wire, scope)
  } catch (error) {
    return error
  } finally {
    scope.finish()
  }
}

describe('a peer that proved itself and then answers a call with', () => {
  const refused = (problem: string) => ({
    code: 'internal',
    maybeExecuted: true,
    message: expect.stringMatching(`^the answer of 127\\.0\\.0\\.1:\\d+ (?:to notes\\.save )?is refused: ${problem}$`),
  })
  const lost = {
    code: 'unavailable',
    maybeExecuted: true,
    message: expect.stringMatching(/^the connection to 127\.0\.0\.1:\d+ was lost: the handler may have run$/),
  }
  const tooLong = { ...refused('it is longer than 4194304 bytes'), code: 'resource_exhausted' }
  const noHttp = refused('it is no HTTP that netgen reads')

  test.each<[string, Behave, object]>([
    ['garbage', reply('\u0000\u0001garbage\r\n\r\n'), noHttp],
    ['a header of 100 KB', reply(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`), noHttp],
    [
      'HTML',
      reply('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 1\r\n\r\nx'),
      refused('it has status 200 and is not JSON'),
    ],
    ['204', reply('HTTP/1.1 204 No Content\r\n\r\n'), refused('it has status 204 and is not JSON')],
    [
      'a redirect',
      reply('HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'),
      refused('it has status 307 and is not JSON'),
    ],
    [
      'a gzip bomb',
      reply(answer(gzipSync(Buffer.alloc(50_000_000)), 'content-encoding: gzip')),
      refused('it is not valid UTF-8'),
    ],
    ['half a body', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'), lost],
    ['an end', (socket) => socket.end(), lost],
    ['a reset', (socket) => socket.resetAndDestroy(), lost],
    ['a body without an end', endless, tooLong],
    ['a body over 4 MiB', reply(answer('x'.repeat(4_194_305))), tooLong],
    [
      'nothing',
      silent,
      {
        code: 'deadline_exceeded',
        maybeExecuted: true,
        message: 'notes.save took longer than 300 ms: raise timeoutMs, or have it answer sooner',
      },
    ],
  ])('%s gives a typed error', async (_, behave, want) => {
    await listen(afterProof(behave))
    expect(await call(behave === silent ? 300 : undefined)).toMatchObject(want)
    await expect.poll(() => [...sockets].filter((socket) => !socket.destroyed).length).toBeLessThanOrEqual(2)
  })

  test('an error of netgen, in chunks, is read', async () => {
    const record = { kind: 'netgen', name: 'NetgenError', message: 'no', code: 'aborted', maybeExecuted: false }
    const body = JSON.stringify({ error: { ...record, errorId: 'id', hops: [] } })
    const head = 'HTTP/1.1 409 Conflict\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'
    await listen(afterProof(reply(head, `${body.length.toString(16)}\r\n`, `${body}\r\n`, '0\r\n\r\n')))
    expect(await call()).toEqual({ ok: false, error: { ...record, errorId: 'id', hops: [] } })
  })
})

describe('a stranger gets neither token nor body, and a typed error names it', () => {
  const stranger = {
    code: 'unauthenticated',
    maybeExecuted: false,
    message: expect.stringMatching(/^what listens at 127\.0\.0\.1:\d+ is no peer of this user: start both as one user/),
  }

  test.each<[string, Behave, object]>([
    ['another service', reply('HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno'), stranger],
    ['an empty object', reply(answer('{}')), stranger],
    ['a redirect', reply('HTTP/1.1 302 Go\r\nlocation: /\r\ncontent-length: 0\r\n\r\n'), stranger],
    [
      'a proof of another secret',
      reply(answer(JSON.stringify({ id: 'abc', group: 'notes', hub: false, proof: 'x'.repeat(43) }))),
      stranger,
    ],
    ['SSH', reply('SSH-2.0-OpenSSH_9.6\r\n'), { code: 'internal', maybeExecuted: false }],
    ['an end', (socket) => socket.end(), { code: 'unavailable', maybeExecuted: false }],
    ['a reset', (socket) => socket.resetAndDestroy(), { code: 'unavailable', maybeExecuted: false }],
    ['a body without an end', endless, { code: 'resource_exhausted', maybeExecuted: false }],
    ['a tarpit', silent, { code: 'deadline_exceeded', maybeExecuted: false }],
  ])('%s', async (_, behave, want) => {
    await listen(behave)
    expect(await call(behave === silent ? 300 : undefined)).toMatchObject(want)
    expect(requests.every((request) => request.startsWith('GET /netgen/v1/identity?challenge='))).toBe(true)
    expect(requests.join('').toLowerCase()).not.toMatch(/authorization|bearer|secret|netgen-caller/)
  })
})

describe('a connection', () => {
  test('that ended needs a new proof before the next call', async () => {
    await listen(afterProof((socket) => socket.end(answer('1', 'connection: close'))))
    expect(await call()).toEqual({ ok: true, value: 1 })
    await expect.poll(() => [...sockets].some((socket) => socket.destroyed)).toBe(true)
    expect(await call()).toEqual({ ok: true, value: 1 })
    expect(requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'POST', 'GET', 'POST'])
  })

  test('that is kept carries the next call without one', async () => {
    await listen(afterProof(reply(answer('1'))))
    await call()
    await call()
    expect(requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'POST', 'POST'])
  })

  test('to localhost goes where the proof was given', async () => {
    await listen(afterProof(reply(answer('1'))))
    peer = { ...peer, host: 'localhost' }
    expect(await call()).toEqual({ ok: true, value: 1 })
    expect(requests.every((request) => request.includes(`host: 127.0.0.1:${peer.port}`))).toBe(true)
  })
})

test('an address where nobody listens is said to have nobody', async () => {
  await listen(() => {})
  await new Promise((resolve) => server.close(resolve))
  expect(await call()).toMatchObject({
    code: 'unavailable',
    maybeExecuted: false,
    message: `no peer listens at 127.0.0.1:${peer.port}: it has ended, or never ran there`,
  })
})

test('a transport that was closed opens nothing any more', async () => {
  await listen(afterProof(reply(answer('1'))))
  await transport.close()
  expect(await call()).toMatchObject({ code: 'unavailable', message: 'this peer is closed: make a new one' })
  expect(sockets.size).toBe(0)
})

test('a connection that the other side had given up says nothing of who is there, and nothing has run', async () => {
  const late = reply('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n')
  const at = await listen(late)
  const lost = { code: 'unavailable', maybeExecuted: false }
  await expect(transport.identify(at, 1_000)).rejects.toMatchObject({
    ...lost,
    message: `the connection to 127.0.0.1:${at.port} was lost: the handler has not run`,
  })
  await new Promise((resolve) => server.close(resolve))
  await listen(afterProof(late))
  expect(await call(2_000)).toMatchObject(lost)
})
