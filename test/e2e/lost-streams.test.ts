import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createPeer, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type StreamsStub, streams } from '../../fixtures/behaviour/generated/streams.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { collect } from '../runtime/behaviour/stream-peers.js'
import { type PeerProcess, startPeerProcess } from './start-peer-process.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is still of use, in bytes. */
function measureHeap(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

describe('streams between two processes', () => {
  let registry: string
  let here: Peer
  let stub: StreamsStub
  let started: PeerProcess
  let peer: RemotePeer

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    here = await createPeer({ registry, port: 0, logger: silent })
    stub = here.connect(streams)
    started = await startPeerProcess(registry)
    const [found] = await here.peers()
    if (found === undefined) throw new Error('expected the started peer to be found at once')
    peer = found
  })
  afterEach(async () => {
    await here.close()
    await started.kill()
    await rm(registry, { recursive: true })
  })

  test('carry items both ways, in order', async () => {
    const numbers = Array.from({ length: 2_000 }, (_, index) => index)
    expect(await collect(stub.count({ many: 2_000 }, { peer }))).toEqual(numbers)
    expect(await stub.sum(numbers, { peer })).toBe(1_999_000)
    expect(await collect(stub.echo(numbers, { peer }))).toEqual(numbers)
  })

  test('a callee that is killed: what had arrived is read, then it says that it may have run', async () => {
    const items = stub.count({ many: 1_000_000_000 }, { peer })
    expect(await items.next()).toEqual({ done: false, value: 0 })
    await started.kill()
    const error = await catchError(collect(items))
    expect(error).toMatchObject({
      name: 'NetgenError',
      code: 'unavailable',
      maybeExecuted: true,
      message: `the connection to 127.0.0.1:${peer.port} was lost: the handler may have run`,
    })
    expect(await items.next()).toEqual({ done: true, value: undefined })
  })

  test('a callee that is killed while it reads: the input is closed', async () => {
    let isClosed = false
    let made = 0
    const endless = async function* (): AsyncGenerator<number> {
      try {
        for (;;) {
          yield made++
          await new Promise((resolve) => setImmediate(resolve))
        }
      } finally {
        isClosed = true
      }
    }
    const sum = catchError(stub.sum(endless(), { peer }))
    await expect.poll(() => made).toBeGreaterThan(10)
    await started.kill()
    expect(await sum).toMatchObject({ code: 'unavailable', maybeExecuted: true })
    // It may be waiting for something else just then.
    await expect.poll(() => isClosed).toBe(true)
  })

  test('a reader that stops holds few items in both processes, however many there are', async () => {
    const items = stub.count({ many: 1_000_000_000 }, { peer })
    for (let read = 0; read < 100; read++) await items.next()
    const before = measureHeap()
    // The other process answers at once, and many times: it does not go on counting.
    for (let call = 0; call < 100; call++) {
      expect(await stub.sum([1, 2], { peer, timeoutMs: 5_000 })).toBe(3)
    }
    expect(measureHeap() - before).toBeLessThan(5_000_000)
    const isLeft = started.next('count was left')
    await items.return()
    await isLeft
    expect(await started.leave()).toBe(0)
  })
})
