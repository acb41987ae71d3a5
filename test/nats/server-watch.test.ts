import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { NatsConnection } from '../../runtime/transport/nats/load-nats.js'
import { ServerWatch } from '../../runtime/transport/nats/server-watch.js'

const MIB = 1_024 * 1_024

let engine: { downSinceMs: number | undefined; bufferedBytes: number }
let inBytes: number
let isFrozen: boolean
/** When it was connected again, in milliseconds since the beginning. */
let reconnectedMs: number[]
let watch: ServerWatch

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  engine = { downSinceMs: undefined, bufferedBytes: 0 }
  inBytes = 0
  isFrozen = false
  reconnectedMs = []
  const connection = {
    stats: () => ({ inBytes }),
    flush: () => (isFrozen ? new Promise(() => {}) : Promise.resolve()),
    reconnect: () => {
      reconnectedMs.push(Date.now())
      engine.downSinceMs = Date.now()
      return Promise.resolve()
    },
  }
  watch = new ServerWatch(connection as unknown as NatsConnection, engine)
})
afterEach(() => {
  watch.stop()
  vi.useRealTimers()
})

test('a server that answers is kept', async () => {
  await vi.advanceTimersByTimeAsync(60_000)
  expect(reconnectedMs).toEqual([])
})

test('one that says nothing is gone after 1.8 s, once, and has its time anew when it is back', async () => {
  isFrozen = true
  await vi.advanceTimersByTimeAsync(6_000)
  expect(reconnectedMs).toEqual([1_800])
  engine.downSinceMs = undefined
  await vi.advanceTimersByTimeAsync(6_000)
  expect(reconnectedMs).toEqual([1_800, 7_800])
})

test('one whose answers stand behind what it sends is there', async () => {
  isFrozen = true
  for (let beat = 0; beat < 20; beat++) {
    inBytes += 1
    await vi.advanceTimersByTimeAsync(600)
  }
  expect(reconnectedMs).toEqual([])
})

test.each([
  [0.25, 1_800],
  [0.5, 2_400],
  [8, 20_400],
])('where %d MiB wait to leave, it has %d ms', async (mib, ms) => {
  isFrozen = true
  engine.bufferedBytes = mib * MIB
  await vi.advanceTimersByTimeAsync(60_000)
  expect(reconnectedMs).toEqual([ms])
})
