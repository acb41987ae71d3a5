import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { authorize, createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { catchError } from '../runtime/behaviour/harness.js'
import { connectRaw, writeHead } from '../runtime/transport/http/raw-client.js'

const KEY = 'canary-key-of-many-letters'

let registry: string
let peers: Peer[]
/** All that was logged, and each URL that was asked for. */
let told: string[]

const log = (message: string, fields: object): void => void told.push(inspect([message, fields], { depth: 20 }))
const logger = { debug: log, info: log, warn: log, error: log }
const onRequest = (message: unknown): void => {
  const { request } = message as { request: { origin?: string; path: string } }
  told.push(`${request.origin}${request.path}`)
}

beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-token-'))
  peers = []
  told = []
  subscribe('undici:request:create', onRequest)
})
afterEach(async () => {
  unsubscribe('undici:request:create', onRequest)
  await Promise.all(peers.map((peer) => peer.close()))
  await rm(registry, { recursive: true })
})

test.each([
  ['session', undefined],
  ['session', KEY],
  ['http', undefined],
  ['http', KEY],
] as const)(
  'the token and what it is made of are in no log, URL, error or announcement: over %s, with the key %s',
  async (transport, key) => {
    const options = { registry, port: 0, transport, logger, ...(key && { key }) }
    const server = await createPeer(options)
    const caller = await createPeer(options)
    peers.push(server, caller)
    server.connect(schema, new Handlers())
    const stub = caller.connect(schema)
    expect(await stub.greet({ peer: server.id })).toBe('hello')

    const failures = [
      await catchError(stub.fail('type', { peer: server.id })),
      await catchError(stub.keep({ id: '', body: '' }, { peer: server.id })),
      await catchError(stub.wait({ ms: 10_000 }, { peer: server.id, timeoutMs: 20 })),
    ]
    const { authorization = '' } = await authorize(`127.0.0.1:${server.port}`, { registry, ...(key && { key }) })
    const token = authorization.slice('Bearer '.length)
    told.push(await callWrongly(server.port, token))
    told.push(...failures.map((error) => inspect(error, { depth: 20, showHidden: true })))
    told.push(inspect([server, caller, await caller.peers({ refresh: true })], { depth: 20 }))
    for (const name of await readdir(registry, { recursive: true })) {
      const text = await readFile(join(registry, name), 'utf8').catch(() => 'a folder')
      told.push(name, name === 'secret' ? '' : text)
    }
    const secrets = [
      token,
      KEY,
      await readFile(join(registry, 'secret'), 'utf8').then(
        (text) => text.trim(),
        () => KEY,
      ),
    ]
    expect(secrets.every((secret) => secret.length > 20)).toBe(true)

    expect(told.length).toBeGreaterThan(10)
    expect(told.join('\n')).toContain('/netgen/v1/identity')
    expect(told.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([])
  },
)

/** What a peer answers whoever has a token that is nearly right. */
async function callWrongly(port: number, token: string): Promise<string> {
  const client = await connectRaw(port)
  const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
  client.socket.write(
    writeHead(
      'POST /netgen/v1/schema.greet HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Content-Type: application/json',
      `Authorization: Bearer ${wrong}`,
      'Content-Length: 4',
    ),
  )
  const answer = await client.readAll()
  expect(answer).toMatch(/^HTTP\/1\.1 401 /)
  return answer.replaceAll(wrong, '')
}
