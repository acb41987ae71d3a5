import { setTimeout as sleep } from 'node:timers/promises'
import { any, createPeer } from 'netgen/runtime'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../runtime/behaviour/handlers.js'

/** One call that was made: whoever answered it, or why nobody did. Times are those of CLOCK_MONOTONIC, which all processes share. */
export interface Asked {
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly by?: string
  readonly problem?: string
}

/** What the program tells whoever started it. */
export type Told = { readonly type: 'ready'; readonly id: string } | { readonly type: 'asked'; readonly calls: Asked[] }

/** How many calls are in flight at a time. */
const IN_FLIGHT = 8

/** Between two calls of one of these, in milliseconds: other processes share the machine. */
const PAUSE_MS = 5

const readClockMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000
const tell = (told: Told): void => void process.send?.(told)
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const peer = await createPeer({ logger: silent })
const isAsking = process.env['ASKS'] === '1'
const stub = isAsking
  ? peer.connect(schema)
  : peer.connect(schema, Object.assign(new Handlers(), { put: () => Promise.resolve(peer.id) }))

let calls: Asked[] = []

/** Makes idempotent calls that anybody may answer, one after the other. */
async function ask(): Promise<void> {
  for (;;) {
    const startedAtMs = readClockMs()
    const outcome = await stub
      .put({ name: 'a', text: 'b' }, { peer: any(), timeoutMs: 10_000 })
      .then((by) => ({ by }))
      .catch((error: Error) => ({ problem: error.message }))
    calls.push({ startedAtMs, endedAtMs: readClockMs(), ...outcome })
    await sleep(PAUSE_MS)
  }
}

if (isAsking) for (let index = 0; index < IN_FLIGHT; index++) void ask()
process.on('message', () => {
  tell({ type: 'asked', calls })
  calls = []
})
process.once('disconnect', () => process.exit())
tell({ type: 'ready', id: peer.id })
