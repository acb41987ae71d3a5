import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createPeer, type LogFields, type Peer } from 'netgen/runtime'
import { createMemoryNetwork, type MemoryNetwork } from 'netgen/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { useTemporaryFolder } from '../runtime/discovery/temporary-folder.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

describe('rows about calls', () => {
  let network: MemoryNetwork
  let other: Peer
  let stub: SchemaStub
  let remote: Handlers
  let local: Handlers
  const logged: [message: string, fields: LogFields][] = []

  beforeEach(async () => {
    network = createMemoryNetwork()
    logged.length = 0
    const debug = (message: string, fields: LogFields): void => void logged.push([message, fields])
    const here = await network.createPeer({ logger: { ...silent, debug }, strictLocal: false })
    other = await network.createPeer({ logger: { ...silent, debug } })
    remote = new Handlers()
    local = new Handlers()
    stub = here.connect(schema, local)
    other.connect(schema, remote)
  })
  afterEach(() => network.close())

  test.each([null, undefined])(
    'row 4: a peer that is null or undefined is an error, and no call here',
    async (peer) => {
      const error = await catchError(stub.greet({ peer: peer as never }))
      expect(error).toMatchObject({
        code: 'invalid_argument',
        message: `peer is ${peer}, expected a peer, an id or host:port: leave it out to call here`,
      })
      expect([...local.ran, ...remote.ran]).toEqual([])
    },
  )

  test('row 8: the options of a call never reach the handler, nor does an input that looks like them act as one', async () => {
    const input = { peer: 'nobody', timeoutMs: 1, time_out: 1 }
    expect(await stub.echo(input, { peer: other.id, timeoutMs: 5_000 })).toEqual(input)
    expect(await stub.echo(input)).toEqual(input)
    expect([local.ran, remote.ran]).toEqual([['echo'], ['echo']])
  })

  test('row 10: an input that is no JSON is refused before anything is sent', async () => {
    for (const input of [{ at: new Date(0) }, [Number.NaN], () => 1, { deep: { set: new Set([1]) } }]) {
      const error = await catchError(stub.echo(input, { peer: other.id }))
      expect(error).toMatchObject({ code: 'invalid_argument', maybeExecuted: false })
      expect(error.message).toMatch(/^input of schema\.echo is refused: /)
    }
    expect(remote.ran).toEqual([])
  })

  test('row 11: any text arrives as it was, both ways', async () => {
    const texts = ['größe', '日本語', '👩‍👩‍👧', '\0\u2028"\\', 'e\u0301']
    expect(await stub.echo(texts, { peer: other.id })).toEqual(texts)
  })

  test('row 60: local and remote requests are logged at debug', async () => {
    await stub.greet()
    await stub.greet({ peer: other.id })
    const requests = logged.filter(([message]) => message.endsWith(' request'))
    expect(requests.map(([message, { tag }]) => [message, tag])).toEqual([
      ['local request', 'schema.greet'],
      ['remote request', 'schema.greet'],
    ])
  })
})

describe('rows about a process', () => {
  const registry = useTemporaryFolder()

  test('row 15: importing netgen opens nothing, and keeps no process alive', async () => {
    const code = `await import('netgen/runtime')
      console.log(process.getActiveResourcesInfo().filter((name) => /TCP|FS|Timeout/.test(name)).length)`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { cwd: ROOT })
    expect(stdout).toBe('0\n')
  })

  test('row 36: making a peer leaves the environment as it was', async () => {
    const before = { ...process.env }
    const peer = await createPeer({ registry: registry(), port: 0, logger: silent })
    await peer.close()
    expect({ ...process.env }).toEqual(before)
  })

  test('row 32: where its ports are taken, a peer takes any other', async () => {
    const code = `import { createPeer } from 'netgen/runtime'
      const first = await createPeer()
      const second = await createPeer()
      const third = await createPeer()
      console.log(first.ports.length, new Set([first.port, second.port, third.port]).size, first.ports.includes(third.port))
      for (const peer of [first, second, third]) await peer.close()`
    // Of two ports the third peer finds none.
    const ports = { NET_PORT_START: '3190', NET_PORT_RANGE: '1' }
    const env = { ...process.env, ...ports, NET_REGISTRY: registry() }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
      cwd: ROOT,
      env,
    })
    expect(stdout).toBe('2 3 false\n')
  })

  test('row 37: a port that is taken is named by the error', async () => {
    const options = { registry: registry(), logger: silent }
    const first = await createPeer({ ...options, port: 0 })
    const error = await catchError(createPeer({ ...options, port: first.port }))
    const remedy = 'end what listens there, or leave port out for one that is free'
    expect(error).toMatchObject({
      code: 'unavailable',
      message: `port ${first.port} of loopback is taken: ${remedy}`,
    })
    await first.close()
  })
})
