import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { schema } from '../../../../fixtures/behaviour/generated/schema.js'
import { openRegistryFolder } from '../../../../runtime/discovery/local/registry-folder.js'
import { readSharedSecret } from '../../../../runtime/discovery/local/shared-secret.js'
import { Trust } from '../../../../runtime/transport/http/trust.js'
import { MAX_CALLS_IN_FLIGHT } from '../../../../runtime/wire/limits.js'
import { Handlers } from '../../behaviour/handlers.js'
import { silent } from '../../behaviour/harness.js'
import { useTemporaryFolder } from '../../discovery/temporary-folder.js'

describe('an error over plain HTTP', () => {
  const folder = useTemporaryFolder()
  let peer: Peer
  let handlers: Handlers

  beforeEach(async () => {
    peer = await createPeer({ registry: folder(), port: 0, logger: silent, group: 'notes' })
    handlers = new Handlers()
    peer.connect(schema, handlers)
  })
  afterEach(() => peer.close())

  async function post(tag: string, body: unknown, headers: object = {}): Promise<{ status: number; error: object }> {
    const { secretPath } = await openRegistryFolder(folder())
    const token = new Trust(await readSharedSecret(secretPath)).createToken(peer.id)
    const response = await fetch(`http://127.0.0.1:${peer.port}/netgen/v1/${tag}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const { error } = (await response.json()) as { error: object }
    return { status: response.status, error }
  }

  const asPeer = { 'netgen-caller': 'curl', 'netgen-caller-group': 'notes' }

  test('is JSON with the status of its code, whole for a client that says that it is of the group', async () => {
    expect(await post('schema.fail', 'type', asPeer)).toEqual({
      status: 500,
      error: {
        kind: 'builtin',
        name: 'TypeError',
        message: 'no such thing',
        code: 'unknown',
        maybeExecuted: true,
        errorId: expect.stringMatching(/^[\da-f-]{36}$/),
        hops: [
          {
            peer: `notes@127.0.0.1:${peer.port}`,
            tag: 'schema.fail',
            root: expect.any(String),
            frames: expect.arrayContaining([
              expect.objectContaining({ file: 'test/runtime/behaviour/handlers.ts', function: 'Handlers.fail' }),
            ]),
          },
        ],
      },
    })
  })

  test('has no more than its code and its id for a client that says nothing', async () => {
    const { status, error } = await post('schema.fail', 'type')
    expect(status).toBe(500)
    expect(error).toMatchObject({ kind: 'netgen', code: 'unknown', hops: [{ frames: [] }] })
    expect(JSON.stringify(error)).not.toContain('no such thing')
  })

  test.each<[string, string, unknown, number, string, boolean]>([
    ['a declared error', 'schema.keep', { id: 'full', body: '' }, 400, 'failed_precondition', true],
    ['a defect', 'schema.fail', 'own', 500, 'unknown', true],
    ['canceled', 'schema.fail', 'canceled', 499, 'canceled', true],
    ['a wrong input', 'schema.add', { left: 'x' }, 400, 'invalid_argument', false],
    ['an output that is refused', 'schema.lie', null, 500, 'internal', true],
    ['an unknown tag', 'schema.nothing', null, 501, 'unimplemented', false],
  ])('has the status of its kind: %s', async (_, tag, body, status, code, maybeExecuted) => {
    expect(await post(tag, body)).toMatchObject({ status, error: { code, maybeExecuted } })
  })

  test('has the status of its kind: a deadline', async () => {
    const answer = await post('schema.wait', { ms: 60_000 }, { 'netgen-timeout-ms': '50' })
    expect(answer).toMatchObject({ status: 504, error: { code: 'deadline_exceeded', maybeExecuted: true } })
  })

  test('has the status of its kind: overloaded', async () => {
    const stop = { 'netgen-timeout-ms': '20000' }
    const waiting = Array.from({ length: MAX_CALLS_IN_FLIGHT }, () => post('schema.wait', { ms: 1_000_000 }, stop))
    await expect.poll(() => handlers.ran.length, { timeout: 20_000 }).toBe(MAX_CALLS_IN_FLIGHT)
    const answer = await post('schema.greet', null)
    expect(answer).toMatchObject({ status: 429, error: { code: 'resource_exhausted', maybeExecuted: false } })
    await peer.close({ drainMs: 0 })
    await Promise.allSettled(waiting)
  })

  test('has the status of its kind: unavailable', async () => {
    // The connection of a call that is in flight is the only one that a closing peer still reads.
    const answer = await post('schema.greet', null, { 'netgen-target': 'another' })
    expect(answer).toMatchObject({ status: 503, error: { code: 'unavailable', maybeExecuted: false } })
  })

  test('has the digest of the connection where the call does not fit it: another one of the caller tells of skew', async () => {
    const { digest } = schema.connections.find(({ name }) => name === 'add') ?? {}
    expect((await post('schema.add', { left: 'x' })).error).toMatchObject({ digest })
    expect((await post('schema.lie', null)).error).not.toHaveProperty('digest')
    expect((await post('schema.fail', 'type', asPeer)).error).not.toHaveProperty('digest')
  })
})
