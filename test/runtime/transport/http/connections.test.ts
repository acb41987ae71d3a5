import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createSecureContext } from 'node:tls'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { HttpClient } from '../../../../runtime/transport/http/http-client.js'
import { Authority } from '../../make-certificates.js'

/** Answers that are held back; undefined: all are given at once. */
let held: ServerResponse[] | undefined
let connections = 0
let server: Server
let client: HttpClient
let address: string

beforeEach(async () => {
  held = undefined
  connections = 0
  server = createServer((_request, response) => (held === undefined ? response.end('{}') : held.push(response)))
  server.on('connection', () => connections++).listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  client = new HttpClient(() => {})
})
afterEach(async () => {
  await client.close()
  server.closeAllConnections()
  server.close()
})

const send = () => client.request(address, { method: 'POST', path: '/', headers: [], body: '{}', maxBytes: 100 })
const ask = () => send().response
const askInTurn = async (times: number) => {
  for (let turn = 0; turn < times; turn++) expect(await ask()).toMatchObject({ status: 200 })
}

test('as many calls at a time as ever take as many connections, however often they are made', async () => {
  await Promise.all(Array.from({ length: 16 }, () => askInTurn(50)))
  expect(connections).toBe(16)
})

test('calls one after the other take two connections', async () => {
  await askInTurn(20)
  expect(connections).toBe(2)
})

test('a call does not wait for one that takes long', async () => {
  const slow: ServerResponse[] = []
  held = slow
  const first = ask()
  await expect.poll(() => slow.length).toBe(1)
  held = undefined
  await askInTurn(3)
  slow[0]?.end('{}')
  expect(await first).toMatchObject({ status: 200 })
})

test('calls beyond 256 wait for a connection, and are answered', async () => {
  const slow: ServerResponse[] = []
  held = slow
  const answers = Array.from({ length: 300 }, ask)
  await expect.poll(() => slow.length).toBe(256)
  expect(connections).toBe(256)
  held = undefined
  for (const response of slow) response.end('{}')
  expect(await Promise.all(answers)).toHaveLength(300)
  expect(connections).toBe(256)
})

test('a call that is ended while it waits for a connection is never sent', async () => {
  const slow: ServerResponse[] = []
  held = slow
  const answers = Array.from({ length: 256 }, ask)
  await expect.poll(() => slow.length).toBe(256)
  const late = send()
  const ended = new Error('enough')
  late.abort(ended)
  await expect(late.response).rejects.toBe(ended)
  const last = ask()
  for (const response of slow.splice(0)) response.end('{}')
  await Promise.all(answers)
  await expect.poll(() => slow.length).toBe(1)
  slow[0]?.end('{}')
  expect(await last).toMatchObject({ status: 200 })
})

test('a connection that its server closes behind an answer does not hold up who waits for it', async () => {
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'))
  await Promise.all(Array.from({ length: 4 }, () => askInTurn(10)))
})

test.each<[string, () => unknown]>([
  ['the client is closed', () => client.close()],
  ['its address is dropped', () => client.drop(address, new Error('nothing was heard'))],
])('who waits for a connection hears that %s', async (_, end) => {
  held = []
  const answers = Array.from({ length: 257 }, ask)
  const outcomes = Promise.allSettled(answers)
  await expect.poll(() => held?.length).toBe(256)
  await end()
  expect((await outcomes).map(({ status }) => status)).toEqual(answers.map(() => 'rejected'))
})

test('a connection that cannot be made is told, and the next call tries again', async () => {
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  server = createServer((_request, response) => response.end('{}')).listen(port, '127.0.0.1')
  await once(server, 'listening')
  await askInTurn(1)
})

test('what cannot be sent fails, and takes no connection from others', async () => {
  for (let turn = 0; turn < 300; turn++) {
    const broken = { method: 'POST', path: '/', headers: ['x', 'a\nb'], body: '{}', maxBytes: 100 } as const
    const { response } = client.request(address, { ...broken, headers: [...broken.headers] })
    await expect(response).rejects.toThrow('invalid x header')
  }
  await askInTurn(3)
  expect(connections).toBe(2)
})

test('a call is not sent that may not leave any more when there is a connection for it', async () => {
  const answer = client.request(address, {
    method: 'POST',
    path: '/',
    headers: [],
    body: '{}',
    maxBytes: 100,
    mayLeave: () => false,
  })
  await expect(answer.response).rejects.toThrow('the peer has to prove itself again')
  expect(await ask()).toMatchObject({ status: 200 })
})

test('calls to who has a certificate of another name fail each, however many there were', {
  timeout: 60_000,
}, async () => {
  const authority = await Authority.create('an authority')
  onTestFinished(() => authority.remove())
  const secure = createTlsServer(await authority.issue(['DNS:other.example'])).listen(0, '127.0.0.1')
  onTestFinished(() => void secure.close())
  await once(secure, 'listening')
  const other = new HttpClient(() => {}, {
    secureContext: createSecureContext({ ca: authority.cert }),
    rejectUnauthorized: true,
  })
  onTestFinished(() => other.close())
  const at = `127.0.0.1:${(secure.address() as AddressInfo).port}`
  for (let round = 0; round < 3; round++) {
    const failures = await Promise.all(
      Array.from({ length: 100 }, () =>
        other
          .request(at, { method: 'GET', path: '/', headers: [], body: null, maxBytes: 100 })
          .response.catch((error: NodeJS.ErrnoException) => error.code),
      ),
    )
    expect(new Set(failures)).toEqual(new Set(['ERR_TLS_CERT_ALTNAME_INVALID']))
  }
})
