import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type PeerOptions } from 'netgen/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { catchError, silent } from '../behaviour/harness.js'

let registry: string
beforeAll(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
})
afterAll(() => rm(registry, { recursive: true }))

const CASES: readonly [what: string, options: PeerOptions][] = [
  ['an option that is none', { prot: 3000 } as PeerOptions],
  ['a host that is not here', { host: '192.0.2.1', key: 'as long as it has to be' }],
  ['a key that is too short', { key: 'short' }],
  ['an engine that is not there', { engine: 'nats://127.0.0.1:1' }],
]

test.each(CASES)('a peer that cannot be because of %s says where it was made', async (_, options) => {
  const { name, message, stack = '' } = await catchError(createPeer({ registry, logger: silent, port: 0, ...options }))
  const [first, second] = stack.slice(`${name}: ${message}\n`.length).split('\n')
  expect(first).toMatch(/^ {4}at .*create-peer\.test\.ts:\d+:\d+\)?$/)
  expect(second ?? '').not.toContain('/runtime/')
})

test('handlers that cannot be say where they were connected', async () => {
  await using peer = await createPeer({ registry, logger: silent, port: 0 })
  const error = await catchError(Promise.resolve().then(() => peer.connect(schema, { great: () => '' } as never)))
  expect(error.stack?.slice(`${error.name}: ${error.message}\n`.length)).toMatch(
    /^ {4}at .*create-peer\.test\.ts:\d+:\d+\)?/,
  )
})

test('a call to a peer that was connected to a schema without handlers says what it lacks', async () => {
  await using here = await createPeer({ registry, logger: silent, port: 0 })
  await using there = await createPeer({ registry, logger: silent, port: 0 })
  there.connect(schema)
  const peer = `${there.host}:${there.port}`
  expect(await catchError(here.connect(schema).greet({ peer }))).toMatchObject({
    code: 'unimplemented',
    message: `default@${peer} has no connection "schema.greet": it has none of its own: give its peer.connect handlers`,
  })
})
