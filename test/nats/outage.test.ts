import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer, type Gap, NetgenError, netgen, type Peer } from 'netgen/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { events } from '../../fixtures/behaviour/generated/events.js'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../fixtures/behaviour/generated/streams.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { catchError, silent } from '../runtime/behaviour/harness.js'
import { StreamHandlers } from '../runtime/behaviour/stream-handlers.js'
import { type NatsServer, prepareNats, startNats } from './nats-server.js'

const problem = prepareNats()

/** How long the server is away, in milliseconds. `npm run soak` has it away for a minute. */
const OUTAGE_MS = Number(process.env['NETGEN_SOAK_OUTAGE_S'] ?? 6) * 1_000

/** How often the server is frozen: the machine may be busy for one of them. */
const REPETITIONS = 3

/** The states that the threads of a process are in: `T` is stopped. */
async function readStates(pid: number | undefined): Promise<unknown[]> {
  const threads = `/proc/${pid}/task`
  const read = async (thread: string): Promise<unknown> => {
    const [, state] = /\) (\w) /.exec(await readFile(`${threads}/${thread}/stat`, 'utf8')) ?? []
    return state
  }
  return [...new Set(await Promise.all((await readdir(threads)).map(read)))]
}

describe.skipIf(problem !== undefined)(problem ?? 'an engine that is away for some time', () => {
  let registry: string
  let server: NatsServer
  let there: Peer
  let here: Peer

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
    server = await startNats()
    const options = { engine: server.url, registry, port: 0, logger: silent }
    there = await createPeer(options)
    here = await createPeer(options)
  })
  afterAll(async () => {
    server.process.kill('SIGCONT')
    await Promise.all([here.close(), there.close()])
    await server.stop()
    await rm(registry, { recursive: true })
  })

  test('has calls end with typed errors within 2 s; all works within 5 s of its return, and events tell of their gap', async () => {
    there.connect(schema, new Handlers())
    there.connect(streams, new StreamHandlers())
    const stub = here.connect(schema)
    const { counted, said } = there.connect(events)
    const got: number[] = []
    const gaps: Gap[] = []
    const subscription = await here.connect(events).counted.subscribe((count) => void got.push(count), {
      onGap: (gap) => void gaps.push(gap),
    })
    await expect.poll(() => subscription.peers.length).toBe(1)
    await counted.emit(1)
    await expect.poll(() => got).toEqual([1])

    server.process.kill('SIGKILL')
    const endsAtMs = performance.now() + OUTAGE_MS
    const tookMs: number[] = []
    const failures: unknown[] = []
    const call = async (): Promise<void> => {
      const beganAtMs = performance.now()
      await stub.add({ left: 1, right: 2 }, { peer: there.id }).catch((error: unknown) => failures.push(error))
      tookMs.push(performance.now() - beganAtMs)
    }
    const calls: Promise<void>[] = []
    while (performance.now() < endsAtMs - 2_000) {
      calls.push(call())
      await sleep(50)
    }
    await Promise.all(calls)
    await counted.emit(2)
    // Longer than any server has to take: which one is back is not known yet.
    expect(await said.emit('x'.repeat(100_000))).toEqual({ delivered: 0, failed: 0, dropped: 0 })
    const sorted = tookMs.toSorted((left, right) => left - right)
    expect(failures).toHaveLength(calls.length)
    expect(failures.every((error) => error instanceof NetgenError && error.code === 'unavailable')).toBe(true)
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(2_000)

    const { port } = server
    await server.stop()
    server = await startNats('', port)
    const backAtMs = performance.now()
    await expect
      .poll(() => stub.add({ left: 1, right: 2 }, { peer: there.id }).catch(() => 0), { timeout: 20_000 })
      .toBe(3)
    const items: number[] = []
    for await (const item of here.connect(streams).count({ many: 3 }, { peer: there.id })) items.push(item)
    expect(items).toEqual([0, 1, 2])
    await expect.poll(() => subscription.peers.length, { timeout: 20_000 }).toBe(1)
    await counted.emit(3)
    await expect.poll(() => got).toEqual([1, 3])
    const workedMs = performance.now() - backAtMs
    console.log(
      `calls ended after ${Math.round(sorted.at(-1) ?? 0)} ms at most; all worked ${Math.round(workedMs)} ms after it was back`,
    )
    expect(gaps).toMatchObject([{ missed: 1 }])
    expect(workedMs).toBeLessThan(5_000)
  }, 120_000)

  test('counts as away within 2 s where it is frozen, and all works again when it is not', async () => {
    const { passThrough } = here.connect(netgen)
    const tookMs: number[] = []
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      await expect
        .poll(() => passThrough('tea', { peer: there.id }).catch(() => 'none'), { timeout: 20_000 })
        .toBe('tea')
      server.process.kill('SIGSTOP')
      // Until then its threads may still hand a call on.
      await expect.poll(() => readStates(server.process.pid)).toEqual(['T'])
      const beganAtMs = performance.now()
      const error = await catchError(passThrough('tea', { peer: there.id, retryMs: 0 }))
      tookMs.push(performance.now() - beganAtMs)
      server.process.kill('SIGCONT')
      expect(error).toMatchObject({ code: 'unavailable', maybeExecuted: true })
    }
    expect(tookMs.toSorted((left, right) => left - right)[1]).toBeLessThan(2_000)
  }, 120_000)
})
