import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { schema } from '../../../../fixtures/behaviour/generated/schema.js'
import { openRegistryFolder } from '../../../../runtime/discovery/local/registry-folder.js'
import { readSharedSecret } from '../../../../runtime/discovery/local/shared-secret.js'
import { Trust } from '../../../../runtime/transport/http/trust.js'
import { Handlers } from '../../behaviour/handlers.js'
import { silent } from '../../behaviour/harness.js'
import { useTemporaryFolder } from '../../discovery/temporary-folder.js'

describe('an error over plain HTTP', () => {
  const folder = useTemporaryFolder()
  let peer: Peer

  beforeEach(async () => {
    peer = await createPeer({ registry: folder(), port: 0, logger: silent, group: 'notes' })
    peer.connect(schema, new Handlers())
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

  test.each<[string, string, unknown, number, string]>([
    ['a wrong input', 'schema.add', { left: 'x' }, 400, 'invalid_argument'],
    ['an unknown tag', 'schema.nothing', null, 501, 'unimplemented'],
    ['a declared error', 'schema.keep', { id: 'full', body: '' }, 400, 'failed_precondition'],
    ['an output that is refused', 'schema.lie', null, 500, 'internal'],
  ])('has the status of its kind: %s', async (_, tag, body, status, code) => {
    expect(await post(tag, body)).toMatchObject({ status, error: { code } })
  })
})
