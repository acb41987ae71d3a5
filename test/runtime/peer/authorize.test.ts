import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authorize, createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runToken } from '../../../generator/cli/run-token.js'
import { collectTerminal } from '../../generator/cli/collect-terminal.js'
import { silent } from '../behaviour/harness.js'

describe('the headers that open a peer to an HTTP client', () => {
  let registry: string
  let there: Peer

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    there = await createPeer({ registry, port: 0, logger: silent })
  })
  afterEach(async () => {
    await there.close()
    await rm(registry, { recursive: true })
  })

  const callWith = async (peer: Peer, headers: Record<string, string>): Promise<[number, unknown]> => {
    const response = await fetch(`http://127.0.0.1:${peer.port}/netgen/v1/netgen.passThrough`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '"hello"',
    })
    return [response.status, await response.json()]
  }

  test('open that one, and no other', async () => {
    const other = await createPeer({ registry, port: 0, logger: silent })
    const headers = await authorize(`127.0.0.1:${there.port}`, { registry })
    expect(await callWith(there, headers)).toEqual([200, 'hello'])
    expect(await callWith(other, headers)).toMatchObject([401, { error: { code: 'unauthenticated' } }])
    await other.close()
  })

  test('are given for no stranger, who learns nothing', async () => {
    const heads: string[] = []
    const stranger = createServer((request, response) => {
      heads.push(`${request.method} ${Object.keys(request.headers).sort().join(' ')}`)
      response.end('{}')
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const { port } = stranger.address() as { port: number }
    await expect(authorize(`127.0.0.1:${port}`, { registry })).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(heads).toEqual(['GET connection host'])
    stranger.close()
  })

  test('are given for no other user: another secret opens nothing', async () => {
    const theirs = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    await expect(authorize(`127.0.0.1:${there.port}`, { registry: theirs })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await rm(theirs, { recursive: true })
  })

  test.each<[unknown, string]>([
    ['somewhere', 'address is "somewhere", expected host:port, such as 127.0.0.1:3010'],
    [undefined, 'address is undefined, expected host:port, such as 127.0.0.1:3010'],
  ])('need an address: %j', async (address, message) => {
    await expect(authorize(address as string, { registry })).rejects.toMatchObject({
      code: 'invalid_argument',
      message,
    })
  })

  test('are printed by netgen token, or why not', async () => {
    const before = process.env['NET_REGISTRY']
    process.env['NET_REGISTRY'] = registry
    try {
      const terminal = collectTerminal('/')
      expect(await runToken({ is: 'token', address: `127.0.0.1:${there.port}` }, terminal)).toBe(0)
      const headers = terminal.data.map((line) => line.split(': ') as [string, string])
      expect(headers.map(([name]) => name)).toEqual(['authorization', 'netgen-target'])
      expect(await callWith(there, Object.fromEntries(headers))).toEqual([200, 'hello'])
      expect(await runToken({ is: 'token', address: '127.0.0.1:9' }, terminal)).toBe(1)
      expect(await runToken({ is: 'token', address: 'x' }, terminal)).toBe(2)
      expect(terminal.messages).toEqual([
        'netgen: no peer listens at 127.0.0.1:9: it has ended, or never ran there',
        'netgen: address is "x", expected host:port, such as 127.0.0.1:3010',
      ])
    } finally {
      if (before === undefined) delete process.env['NET_REGISTRY']
      else process.env['NET_REGISTRY'] = before
    }
  })
})
