import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EventsStub, events } from '../../fixtures/behaviour/generated/events.js'
import { bundleProgram } from '../e2e/bundle-program.js'
import { silent } from '../runtime/behaviour/harness.js'
import type { Heard } from './hearing-program.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

/** Before it would renew its subscription in any case, in milliseconds: which is every ten seconds. */
const SOON_MS = 8_000

describe.skipIf(problem !== undefined)(problem ?? 'a subscriber in another process, over an engine', () => {
  let registry: string
  let server: NatsServer
  let subscriber: ChildProcess
  let peer: Peer
  let publisher: EventsStub
  let heard: Heard = { got: 0, missed: 0 }

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    server = await startNats()
    peer = await createPeer({ engine: server.url, registry, port: 0, logger: silent })
    publisher = peer.connect(events)
    subscriber = fork(await bundleProgram(new URL('./hearing-program.ts', import.meta.url)), {
      env: { PATH: process.env['PATH'], NET_ENGINE: server.url, NET_REGISTRY: registry },
    })
    subscriber.on('message', (message) => {
      heard = message as Heard
    })
    await once(subscriber, 'message')
  })
  afterAll(async () => {
    subscriber.kill('SIGKILL')
    await peer.close()
    await server.stop()
    await rm(registry, { recursive: true })
  })

  /** Emits until so many are counted as reached; answers how many were emitted. */
  async function emitUntil(delivered: number): Promise<number> {
    let emitted = 0
    const emit = async (): Promise<number> => {
      emitted++
      return (await publisher.counted.emit(emitted)).delivered
    }
    await expect.poll(emit, { timeout: SOON_MS }).toBe(delivered)
    return emitted
  }

  test('that is stopped is not counted any more, and is back, knowing what it missed, as soon as it goes on', async () => {
    let emitted = await emitUntil(1)
    await expect.poll(() => heard.got, { timeout: SOON_MS }).toBeGreaterThan(0)
    subscriber.kill('SIGSTOP')
    emitted += await emitUntil(0)
    for (let more = 0; more < 10; more++) await publisher.counted.emit(++emitted)
    subscriber.kill('SIGCONT')
    emitted += await emitUntil(1)
    await expect.poll(() => heard.got + heard.missed, { timeout: SOON_MS }).toBe(emitted)
    expect(heard.missed).toBeGreaterThanOrEqual(10)
  })

  test('that is killed is not counted any more', async () => {
    subscriber.kill('SIGKILL')
    await emitUntil(0)
  })
})
