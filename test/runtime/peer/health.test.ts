import { authorize, createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silent } from '../behaviour/harness.js'
import { useTemporaryFolder } from '../discovery/temporary-folder.js'

const folder = useTemporaryFolder()

describe('GET /netgen/v1/health', () => {
  let peer: Peer
  beforeEach(async () => {
    peer = await createPeer({ registry: folder(), port: 0, group: 'notes', hub: true, logger: silent })
  })
  afterEach(() => peer.close())

  async function ask(headers: Record<string, string>, method = 'GET'): Promise<[number, unknown]> {
    const response = await fetch(`http://127.0.0.1:${peer.port}/netgen/v1/health`, { method, headers })
    return [response.status, await response.json()]
  }

  test('tells everybody on this machine that the peer is there, and nothing else', async () => {
    expect(await ask({})).toEqual([200, { status: 'ok' }])
  })

  test('tells who has the token also who the peer is', async () => {
    const headers = await authorize(`127.0.0.1:${peer.port}`, { registry: folder() })
    const [status, answer] = await ask(headers)
    expect([status, answer]).toEqual([
      200,
      { status: 'ok', id: peer.id, group: 'notes', hub: true, versions: { netgen: expect.any(String), protocol: [1] } },
    ])
  })

  test('refuses a wrong token, a web page, and another method', async () => {
    expect(await ask({ authorization: 'Bearer wrong' })).toMatchObject([401, { error: { code: 'unauthenticated' } }])
    expect(await ask({ origin: 'https://example.org' })).toMatchObject([403, { error: { code: 'permission_denied' } }])
    expect(await ask({}, 'DELETE')).toMatchObject([405, { error: { code: 'unimplemented' } }])
  })
})

test('a peer names the ports that it takes the first free one of', async () => {
  const peer = await createPeer({ registry: folder(), logger: silent, listen: false })
  expect(peer.ports).toEqual([3010, 3011, 3012, 3013, 3014, 3015])
  await peer.close()
})
