import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../fixtures/behaviour/generated/schema.js'
import { type StreamsStub, streams } from '../../fixtures/behaviour/generated/streams.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { collect } from '../runtime/behaviour/stream-peers.js'
import { type PeerProcess, startPeerProcess } from './start-peer-process.js'

describe('two processes', () => {
  let registry: string
  let here: Peer
  let stub: SchemaStub
  let flowing: StreamsStub
  const processes: PeerProcess[] = []

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    here = await createPeer({ registry, logger: silent })
    stub = here.connect(schema)
    flowing = here.connect(streams)
  })
  afterEach(async () => {
    await here.close()
    await Promise.all(processes.splice(0).map((started) => started.kill()))
    await rm(registry, { recursive: true })
  })

  async function start(env: Record<string, string> = {}): Promise<{ started: PeerProcess; peer: RemotePeer }> {
    const started = await startPeerProcess(registry, env)
    processes.push(started)
    const peer = (await here.peers({ groups: env['NET_GROUP'] ?? here.group })).find(({ id }) => id === started.id)
    if (peer === undefined) throw new Error('expected the started peer to be found at once')
    return { started, peer }
  }

  test('find each other and call, and each ends by itself when its peer is closed', async () => {
    const { started, peer } = await start()
    expect(await stub.add({ left: 5, right: 10 }, { peer })).toBe(15)
    expect(await stub.greet({ peer })).toBe(`hello from ${started.process.pid}`)
    expect(await started.leave()).toBe(0)
    expect(await here.peers()).toEqual([])
    expect(await readdir(join(registry, 'peers'))).toEqual([`${here.id}.json`])
  })

  test('call over HTTP alone where they are told to, and each ends by itself', async () => {
    const { started, peer } = await start()
    const caller = await createPeer({ registry, port: 0, logger: silent, transport: 'http' })
    const overHttp = caller.connect(schema)
    expect(await overHttp.add({ left: 5, right: 10 }, { peer })).toBe(15)
    expect(await catchError(overHttp.fail('no such thing', { peer }))).toBeInstanceOf(TypeError)
    expect(await started.leave()).toBe(0)
    expect(await catchError(overHttp.greet({ peer, retryMs: 0 }))).toMatchObject({ code: 'unavailable' })
    await caller.close()
  })

  test('a remote error has the line that called it here, and the TypeScript line that threw it there', async () => {
    const { peer } = await start()
    const error = await catchError(stub.fail('no such thing', { peer }))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.stack).toMatch(
      new RegExp(
        [
          '^TypeError: no such thing$',
          '    at .*two-processes\\.test\\.ts:\\d+:\\d+.*$',
          `    --- at default@127\\.0\\.0\\.1:${peer.port}, in schema\\.fail ---$`,
          '    at Object\\.fail \\(.*peer-process\\.ts:\\d+:\\d+\\)$',
        ].join('\\n(?:.*\\n)*?'),
        'm',
      ),
    )
  })

  test('stream in both directions, with values that JSON does not have', async () => {
    const { started, peer } = await start()
    const numbers = await collect(flowing.count({ many: 1_000 }, { peer }))
    expect(await flowing.sum(numbers, { peer })).toBe(499_500)
    expect(await collect(flowing.double(flowing.count({ many: 3 }, { peer }), { peer }))).toEqual([0, 2, 4])
    expect(await collect(flowing.follow({ peer }))).toEqual([{ name: 'start', at: new Date(0) }])
    const told = started.next('end')
    await flowing.record([{ name: 'end', at: new Date(0) }], { peer })
    await told
    expect(await started.leave()).toBe(0)
  })

  test('a stream that is left closes its generator in the other process', async () => {
    const { started, peer } = await start()
    const left = started.next('count was left')
    for await (const number of flowing.count({ many: 1_000_000 }, { peer })) {
      if (number === 100) break
    }
    await left
  })

  test('a stream whose process is killed ends with unavailable, and closes its input here', async () => {
    const { started, peer } = await start()
    let isClosed = false
    async function* countHere(): AsyncGenerator<number> {
      try {
        for (let number = 0; ; number++) yield number
      } finally {
        isClosed = true
      }
    }
    const items = flowing.double(countHere(), { peer })
    expect(await items.next()).toEqual({ done: false, value: 0 })
    await started.kill()
    expect(await catchError(collect(items))).toMatchObject({ code: 'unavailable', maybeExecuted: true })
    await expect.poll(() => isClosed).toBe(true)
  })

  test('groups and hubs are labels of the peer itself', async () => {
    const { peer } = await start({ NET_GROUP: 'elsewhere', NET_IS_HUB: '1' })
    expect(peer).toMatchObject({ group: 'elsewhere', hub: true })
    expect(await here.peers()).toEqual([])
    expect(await here.peers({ groups: ['elsewhere', 'default'] })).toEqual([peer])
    expect(await here.peers({ groups: 'else' })).toEqual([])
    expect(await here.peers({ groups: 'elsewhere', hubsOnly: true, onHost: '127.0.0.1' })).toEqual([peer])
    expect(await here.peers({ groups: 'elsewhere', onHost: '127.0.0.2' })).toEqual([])
  })

  test('a peer that starts is seen within 250 ms', async () => {
    const { started } = await start()
    expect(Date.now() - started.readyAtMs).toBeLessThan(250)
  })

  test('a callee that is killed during a call: the call says that it may have run, and the peer is gone within 1.25 s', async () => {
    const { started, peer } = await start()
    const call = catchError(stub.wait({ ms: 60_000 }, { peer }))
    await started.next('waiting')
    await started.kill()
    const killedAtMs = performance.now()
    expect(await call).toMatchObject({
      name: 'NetgenError',
      code: 'unavailable',
      maybeExecuted: true,
      message: `the connection to 127.0.0.1:${peer.port} was lost: the handler may have run`,
    })
    await expect.poll(() => here.peers(), { interval: 20 }).toEqual([])
    expect(performance.now() - killedAtMs).toBeLessThan(1_250)
    expect(await catchError(stub.greet({ peer }))).toMatchObject({
      code: 'unavailable',
      maybeExecuted: false,
      message: `no peer listens at 127.0.0.1:${peer.port}: it has ended, or never ran there`,
    })
  })

  test('a call that was meant for a peer is refused by another one at its address', async () => {
    const { started, peer } = await start({ NET_PORT_START: '3900', NET_PORT_RANGE: '0' })
    await started.kill()
    const next = await startPeerProcess(registry, { NET_PORT_START: '3900', NET_PORT_RANGE: '0' })
    processes.push(next)
    expect(next.id).not.toBe(peer.id)
    expect(await catchError(stub.greet({ peer }))).toMatchObject({
      code: 'unavailable',
      maybeExecuted: false,
      message: `peer ${peer.id} is gone: at 127.0.0.1:${peer.port} is ${next.id} now`,
    })
  })

  test('a peer of another user, who does not know the secret, is never told anything', async () => {
    const foreignRegistry = await mkdtemp(join(tmpdir(), 'netgen-foreign-'))
    const foreign = await startPeerProcess(foreignRegistry, { NET_PORT_START: '3910', NET_PORT_RANGE: '0' })
    processes.push(foreign)
    expect(await catchError(stub.greet({ peer: '127.0.0.1:3910' }))).toMatchObject({
      code: 'unauthenticated',
      maybeExecuted: false,
    })
    await foreign.kill()
    await rm(foreignRegistry, { recursive: true })
  })
})
