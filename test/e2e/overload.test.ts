import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createPeer, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../fixtures/behaviour/generated/schema.js'
import { silent } from '../runtime/behaviour/harness.js'

/** What became of one call. */
interface Outcome {
  readonly code: string
  /** When it began, since the load began. */
  readonly atMs: number
  readonly tookMs: number
}

const TIMEOUT_MS = 1_000
const OVERLOAD_MS = 2_000
const RECOVERY_MS = 2_000

let registry: string
let servers: ChildProcess[]
let here: Peer
/** The one that is asked for too much, and one that has nothing else to do. */
let busy: RemotePeer
let idle: RemotePeer
let notes: SchemaStub

beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  servers = []
  here = await createPeer({ registry, port: 0, logger: silent })
  busy = await startServer()
  idle = await startServer()
  notes = here.connect(schema)
})
afterEach(async () => {
  await here.close()
  for (const server of servers) {
    server.disconnect()
    await once(server, 'exit')
  }
  await rm(registry, { recursive: true })
})

async function startServer(): Promise<RemotePeer> {
  const path = fileURLToPath(new URL('./overload-server.ts', import.meta.url))
  const server = fork(path, { execArgv: ['--import', 'tsx'], env: { ...process.env, NET_REGISTRY: registry } })
  servers.push(server)
  const [id] = (await once(server, 'message')) as [string]
  const found = (await here.peers()).find((peer) => peer.id === id)
  if (found === undefined) throw new Error('expected the server to be found')
  return found
}

/** How much time of a processor the server has used, in milliseconds. */
async function readServerCpuMs(): Promise<number> {
  const [server] = servers
  if (server === undefined) throw new Error('expected a server')
  server.send('cpu')
  const [cpuMs] = (await once(server, 'message')) as [number]
  return cpuMs
}

/** Begins calls at a rate, whatever becomes of them. */
async function load(call: () => Promise<unknown>, callsPerSecond: number, forMs: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const calls: Promise<void>[] = []
  const beganAtMs = performance.now()
  for (let sinceMs = 0; sinceMs < forMs; sinceMs = performance.now() - beganAtMs) {
    for (let due = Math.floor((sinceMs / 1_000) * callsPerSecond) - calls.length; due > 0; due--) {
      const atMs = performance.now() - beganAtMs
      const end = (code: string): void => {
        outcomes.push({ code, atMs, tookMs: performance.now() - beganAtMs - atMs })
      }
      calls.push(
        call().then(
          () => end('ok'),
          (error: { code: string }) => end(error.code),
        ),
      )
    }
    await sleep(1)
  }
  await Promise.all(calls)
  return outcomes
}

/** What the server can carry: with some calls in flight, never too many. */
async function countCalls(call: () => Promise<unknown>, inFlight: number, forMs: number): Promise<number> {
  let count = 0
  const endsAtMs = performance.now() + forMs
  const repeat = async (): Promise<void> => {
    while (performance.now() < endsAtMs) {
      await call()
      count++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, repeat))
  return count
}

/** The 99th percentile of how long calls took. */
function readLate(outcomes: readonly Outcome[]): number {
  const sorted = outcomes.map(({ tookMs }) => tookMs).sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0
}

describe('a peer that is asked for three times what it can do', () => {
  const options = { timeoutMs: TIMEOUT_MS }
  const kinds: [string, number, () => Promise<unknown>][] = [
    ['takes the time of its process', 32, () => notes.add({ left: 1, right: 2 }, { peer: busy, ...options })],
    ['waits for something else', 200, () => notes.wait({ ms: 250 }, { peer: busy, ...options })],
  ]

  // Other processes of the machine hold up all of these: by how much shows in calls to a peer that has nothing else to do. Where it
  // is too much for any measurement, it is measured again.
  test.each(kinds)(
    'does what it can, refuses the rest at once, and recovers: what it does %s',
    { retry: 3, timeout: 60_000 },
    async (_, inFlight, call) => {
      await countCalls(call, inFlight, 300)
      const cpuBeforeMs = await readServerCpuMs()
      const carried = await countCalls(call, inFlight, 1_000)
      const cpuMs = (await readServerCpuMs()) - cpuBeforeMs

      const overloadBeganMs = performance.now()
      const [outcomes, calm] = await Promise.all([
        load(call, carried * 3, OVERLOAD_MS),
        load(() => notes.greet({ peer: idle }), 100, OVERLOAD_MS),
      ])
      const overloadMs = performance.now() - overloadBeganMs
      const overloadCpuMs = (await readServerCpuMs()) - cpuBeforeMs - cpuMs
      const after = await load(call, carried / 2, RECOVERY_MS + 500)

      // Where the process is busy all the time, its own processor time is the measure: others may have had the rest.
      const isBusy = cpuMs > 500
      const best = isBusy ? carried / cpuMs : carried / 1_000
      const good = outcomes.filter(({ code }) => code === 'ok').length
      const goodput = good / (isBusy ? overloadCpuMs : OVERLOAD_MS)
      const refused = outcomes.filter(({ code }) => code === 'resource_exhausted')
      const heldUp = isBusy ? Math.max(1, overloadMs / overloadCpuMs) : 1
      const late = after.filter(({ code, atMs }) => code !== 'ok' && atMs >= RECOVERY_MS)
      const seen = {
        goodput: goodput / best,
        refused: refused.length / outcomes.length,
        refusedWithinMs: (readLate(refused) - readLate(calm)) / heldUp,
        others: [...new Set(outcomes.map(({ code }) => code))].sort(),
        failedAfterRecovery: late.length,
      }
      expect(seen).toEqual({
        goodput: expect.toSatisfy((ratio: number) => ratio >= 0.8),
        refused: expect.toSatisfy((part: number) => part >= 0.3),
        refusedWithinMs: expect.toSatisfy((tookMs: number) => tookMs <= 20),
        others: ['ok', 'resource_exhausted'],
        failedAfterRecovery: 0,
      })
    },
  )
})
