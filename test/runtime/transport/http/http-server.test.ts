import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HttpServer } from '../../../../runtime/transport/http/http-server.js'
import { OwnNames } from '../../../../runtime/transport/http/own-names.js'
import type { PassedRequest } from '../../../../runtime/transport/http/passed-request.js'
import { connectRaw, type RawClient, writeHead } from './raw-client.js'

const MEBIBYTE = 1_048_576

let server: HttpServer
let port = 0
let passed: PassedRequest[] = []
let client: RawClient
let onRequest = (request: PassedRequest): void => request.answer(200, '"done"')

beforeEach(async () => {
  passed = []
  onRequest = (request) => request.answer(200, '"done"')
  server = new HttpServer({
    names: new OwnNames({ advertise: undefined, names: [] }, 80),
    rules: { isToken: (token) => token === 'right', origins: new Set() },
    onUpgrade: () => {},
    printRefusal: ({ code, message }) => JSON.stringify({ code, message }),
    onRequest: (request) => {
      passed.push(request)
      onRequest(request)
    },
  })
  ;({ port } = await server.listen('127.0.0.1', 0))
  client = await connectRaw(port)
})
afterEach(async () => {
  client.socket.destroy()
  await server.close()
})

const call = (...headers: readonly string[]): string =>
  writeHead(
    'POST /netgen/v1/notes.save HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    'Authorization: Bearer right',
    ...headers,
  )
const post = (body: string): string => call(`Content-Length: ${Buffer.byteLength(body)}`) + body
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
const statusOf = (answer: string): string | undefined => /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]

test('a refused upgrade frees its connection, also where the client keeps its half open', async () => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const upgrade = [
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Protocol: netgen.v1',
    'Authorization: Bearer wrong',
  ]
  socket.write(writeHead('GET /netgen/v1/session HTTP/1.1', ...upgrade))
  let received = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text
  })
  await once(socket, 'end')
  expect(statusOf(received)).toBe('401')
  // It waits for all connections.
  await server.close()
  socket.destroy()
})

describe('a request that may pass', () => {
  test('arrives with its body and the address that was dialled; its answer is not to be guessed at or kept', async () => {
    client.socket.write(post('{"a":1}'))
    const answer = await client.readUntil('"done"')
    expect(passed[0]?.body.toString()).toBe('{"a":1}')
    expect(passed[0]?.dialled).toEqual({ host: '127.0.0.1', port })
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    for (const header of [
      'content-type: application/json',
      'content-length: 6',
      'x-content-type-options: nosniff',
      'cache-control: no-store',
    ]) {
      expect(answer).toContain(`\r\n${header}\r\n`)
    }
    expect(answer.toLowerCase()).not.toContain('access-control')
  })

  test('arrives whole from chunks, as does one after the other on a kept connection', async () => {
    client.socket.write(call('Transfer-Encoding: chunked') + chunk('{"a"') + chunk(':1}') + chunk(''))
    await client.readUntil('"done"')
    client.socket.write(post('2'))
    await client.readUntil('"done"HTTP/1.1 200')
    expect(passed.map(({ body }) => body.toString())).toEqual(['{"a":1}', '2'])
  })

  test('may have exactly 1 MiB', async () => {
    client.socket.write(post('x'.repeat(MEBIBYTE)))
    await client.readUntil('"done"')
    expect(passed[0]?.body.length).toBe(MEBIBYTE)
  })
})

describe('a body over 1 MiB', () => {
  const want = '{"code":"resource_exhausted","message":"request body is longer than 1048576 bytes"}'

  test('is refused by its length alone, and the connection is closed', async () => {
    client.socket.write(call(`Content-Length: ${MEBIBYTE + 1}`))
    const answer = await client.readAll()
    expect(statusOf(answer)).toBe('413')
    expect(answer).toContain('\r\nConnection: close\r\n')
    expect(answer).toContain(want)
    expect(passed).toEqual([])
  })

  test('is refused in chunks as soon as it is known, and the connection is closed', async () => {
    client.socket.write(call('Transfer-Encoding: chunked') + chunk('x'.repeat(MEBIBYTE)) + chunk('x'))
    const answer = await client.readAll()
    expect(statusOf(answer)).toBe('413')
    expect(answer).toContain(want)
    expect(passed).toEqual([])
  })
})

describe('a body where none is meant', () => {
  const ask = (path: string, ...headers: readonly string[]): string =>
    writeHead(`GET /netgen/v1/${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers)
  const want = '{"code":"invalid_argument","message":"request has a body, and only calls have one: send it without"}'

  test.each([
    ['health', 'Content-Length: 1'],
    [`identity?challenge=${'A'.repeat(43)}`, 'Content-Length: 1'],
  ])('of %s is refused before it comes, by its length', async (path, header) => {
    client.socket.write(ask(path, header))
    const answer = await client.readAll()
    expect(statusOf(answer)).toBe('413')
    expect(answer).toContain(want)
    expect(passed).toEqual([])
  })

  test('is refused with the first chunk: no stranger has anything kept', async () => {
    client.socket.write(ask('health', 'Transfer-Encoding: chunked') + chunk('x'))
    const answer = await client.readAll()
    expect(statusOf(answer)).toBe('413')
    expect(answer).toContain(want)
    expect(passed).toEqual([])
  })

  test('may be said to be empty', async () => {
    client.socket.write(ask('health', 'Content-Length: 0'))
    await client.readUntil('"done"')
    expect(passed).toHaveLength(1)
  })
})

describe('a request that may not pass', () => {
  const foreign = (): string => writeHead('POST /netgen/v1/x HTTP/1.1', 'Host: evil.example', 'Content-Length: 5')

  test('is answered before its body comes, and the connection is closed', async () => {
    client.socket.write(foreign())
    const answer = await client.readAll()
    expect(statusOf(answer)).toBe('403')
    expect(answer).toContain('host is \\"evil.example\\", expected an address of this peer')
    expect(answer.toLowerCase()).not.toContain('access-control')
  })

  test('takes no second one with it that was sent right behind', async () => {
    client.socket.write(`${foreign()}12345${post('1')}`)
    const answer = await client.readAll()
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(passed).toEqual([])
  })

  test.each<[string, string, () => string]>([
    ['a preflight', '403', () => writeHead('OPTIONS /netgen/v1/x HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Origin: null')],
    ['no Host', '400', () => writeHead('POST /netgen/v1/x HTTP/1.1')],
    ['no Host, in HTTP/1.0', '403', () => writeHead('POST /netgen/v1/x HTTP/1.0')],
    ['an absolute target', '403', () => writeHead('GET http://evil.example/ HTTP/1.1', `Host: 127.0.0.1:${port}`)],
    [
      'an upgrade',
      '405',
      () =>
        writeHead('GET /netgen/v1/x HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Upgrade: websocket', 'Connection: Upgrade'),
    ],
    ['a length and chunks', '400', () => call('Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['two lengths', '400', () => call('Content-Length: 5', 'Content-Length: 6')],
    ['a bad chunk', '400', () => `${call('Transfer-Encoding: chunked')}xyz\r\n`],
    ['bare line feeds', '400', () => post('1').replaceAll('\r\n', '\n')],
    ['a NUL in a header', '400', () => call('X: a\u0000b')],
    ['no HTTP', '400', () => '\u0016\u0003\u0001 hello\r\n\r\n'],
    ['101 headers', '431', () => call(...Array.from({ length: 98 }, (_, index) => `X-${index}: 1`))],
    ['1,500 headers', '431', () => call(...Array.from({ length: 1_497 }, (_, index) => `X${index}: 1`))],
    ['a header of 17 KB', '431', () => call(`X: ${'x'.repeat(17_000)}`)],
  ])('%s: %s, and the connection is closed', async (_, status, write) => {
    client.socket.write(write())
    expect(statusOf(await client.readAll())).toBe(status)
    expect(passed).toEqual([])
  })
})

describe('a client that goes away', () => {
  test('before the answer is noticed, once', async () => {
    const abandoned = vi.fn()
    onRequest = (request) => request.onAbandon(abandoned)
    client.socket.write(post('1'))
    await expect.poll(() => passed).toHaveLength(1)
    client.socket.destroy()
    await expect.poll(() => abandoned.mock.calls.length).toBe(1)
    passed[0]?.answer(200, '"nobody reads this"')
  })

  test('with several requests under way abandons each of them, and keeps no server from closing', async () => {
    const onAbandon = vi.fn()
    onRequest = (request) => request.onAbandon(onAbandon)
    client.socket.write(post('1').repeat(3))
    await vi.waitFor(() => expect(passed).toHaveLength(3))
    client.socket.destroy()
    await vi.waitFor(() => expect(onAbandon).toHaveBeenCalledTimes(3))
    // Handlers that hear of it too late answer all the same.
    for (const request of passed) request.answer(200, '"late"')
    await server.close()
    expect(onAbandon).toHaveBeenCalledTimes(3)
  })

  test('after the answer is nobody', async () => {
    const abandoned = vi.fn()
    onRequest = (request) => {
      request.onAbandon(abandoned)
      request.answer(200, '"done"')
    }
    client.socket.write(post('1'))
    await client.readUntil('"done"')
    client.socket.end()
    await client.readAll()
    expect(abandoned).not.toHaveBeenCalled()
  })

  test('in the middle of its body leaves nothing behind', async () => {
    client.socket.write(call('Content-Length: 100'))
    client.socket.end('half')
    await client.readAll()
    expect(passed).toEqual([])
  })
})

test('leaving frees the port, closes idle connections, and ends those in use behind their answers', async () => {
  const idle = await connectRaw(port)
  idle.socket.write(post('0'))
  await idle.readUntil('"done"')
  onRequest = () => {}
  client.socket.write(post('1'))
  await expect.poll(() => passed).toHaveLength(2)
  server.leave()
  expect(await idle.readAll()).not.toContain('connection: close')
  await expect(connectRaw(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  passed[1]?.answer(200, '"first"')
  const answer = await client.readAll()
  expect([answer.includes('"first"'), answer.toLowerCase().includes('connection: close')]).toEqual([true, true])
})

test('an answer that was given before closing still leaves whole', async () => {
  onRequest = () => {}
  client.socket.write(post('1'))
  await expect.poll(() => passed).toHaveLength(1)
  const body = JSON.stringify('x'.repeat(4 * MEBIBYTE))
  passed[0]?.answer(200, body)
  await server.close()
  expect((await client.readAll()).endsWith(body)).toBe(true)
})

test('closing ends connections that are in use, and may be done twice', async () => {
  onRequest = () => {}
  client.socket.write(post('1'))
  await expect.poll(() => passed).toHaveLength(1)
  await server.close()
  expect(await client.readAll()).toBe('')
  await server.close()
})

test('a port that is taken is the error of Node', async () => {
  const second = new HttpServer({
    names: new OwnNames({ advertise: undefined, names: [] }, 80),
    rules: { isToken: () => true, origins: new Set() },
    onUpgrade: () => {},
    printRefusal: () => '',
    onRequest: () => {},
  })
  await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await second.close()
})
