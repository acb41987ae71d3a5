import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspectEngine, nats } from 'netgen/nats'
import { expect, onTestFinished, test } from 'vitest'
import { askMonitoring } from '../../runtime/transport/nats/inspection/ask-monitoring.js'
import { catchError } from '../runtime/behaviour/harness.js'
import { type Feint, feignNats } from './feigned-server.js'

async function feign(feint: Feint): Promise<string> {
  const server = await feignNats(feint)
  onTestFinished(() => server.stop())
  return server.host
}

/** A proxy before a monitoring port; answers its port, and what it was asked. */
async function startProxy(answer: object): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    response.end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, asked }
}

test('a monitoring port behind a proxy is asked below its path, with user and password in a header', async () => {
  const now = new Date().toISOString()
  const { port, asked } = await startProxy({ server_id: 'ONE', now })
  await askMonitoring(`http://ann:can%40ary@127.0.0.1:${port}/nats?a=b`, 'ONE')
  const login = Buffer.from('ann:can@ary').toString('base64')
  expect(asked).toEqual([`/nats/varz Basic ${login}`])
})

test('a monitoring port of another server is not believed', async () => {
  const { port } = await startProxy({ server_id: 'OTHER', now: new Date().toISOString() })
  expect(await catchError(askMonitoring(`http://ann:canary@127.0.0.1:${port}`, 'ONE'))).toMatchObject({
    code: 'failed_precondition',
    message: `monitoring port at "http://127.0.0.1:${port}" is that of server "OTHER", and the engine answers as "ONE": name that of the same server`,
  })
})

test.each<[string, string, string]>([
  [
    'http://ann:canary@127.0.0.1:9',
    'unavailable',
    'no monitoring port answers at "http://127.0.0.1:9": start nats-server with -m 8222, or correct the URL',
  ],
  [
    'ftp://ann:canary@127.0.0.1',
    'invalid_argument',
    'monitoring port is "ftp://127.0.0.1", expected a URL such as http://localhost:8222',
  ],
  [
    'http://ann:%canary@127.0.0.1',
    'invalid_argument',
    'monitoring port is "http://127.0.0.1", expected a URL such as http://localhost:8222',
  ],
])('a monitoring port at %s is not shown with its password', async (url, code, message) => {
  expect(await catchError(askMonitoring(url, 'ONE'))).toMatchObject({ code, message })
})

test.each(['', 'x', 'null', '[]x', '{"error":null}', '{"streams":"a"}', '{"limits":{"max_storage":"b"}}'])(
  'what answers %j for JetStream is none',
  async (answer) => {
    const host = await feign({ answer })
    expect(await inspectEngine(nats({ servers: `nats://${host}` }))).toMatchObject({
      missing: [],
      jetStream: { isThere: false, reason: 'what answers for it is not JetStream' },
    })
  },
)

test('an engine that is lost while it is looked at permits nothing', async () => {
  const host = await feign({ isBroken: true })
  expect(await catchError(inspectEngine(nats({ servers: `nats://${host}` })))).toMatchObject({
    code: 'unavailable',
    message: `engine "${host}" was lost while it was looked at: see why in its log, and try again`,
  })
})

test('a group that fits into no subject is refused before anybody is asked', async () => {
  const group = 'g'.repeat(256)
  expect(await catchError(inspectEngine(nats({ servers: 'nats://127.0.0.1:9' }), { group }))).toMatchObject({
    code: 'invalid_argument',
    message: 'group has 256 bytes, and an engine takes 255 at most',
  })
})

test('a server that is too old is refused', async () => {
  const host = await feign({ info: { version: '2.1.9' } })
  expect(await catchError(inspectEngine(nats({ servers: `nats://${host}` })))).toMatchObject({
    code: 'failed_precondition',
    message: `engine "${host}" is nats-server 2.1.9, and netgen needs 2.2.0 or newer: update it`,
  })
})
