import { once } from 'node:events'
import { inspect } from 'node:util'
import { createPeer, type LogFields, type Logger, netgen, type PeerOptions } from 'netgen/runtime'

/** What the process of a peer tells whoever started it. */
export type Told =
  /** It was started so that it waits to be told to listen, and does. */
  | { readonly type: 'waiting' }
  | { readonly type: 'ready'; readonly id: string; readonly port: number; readonly atMs: number }
  | { readonly type: 'joined' | 'changed' | 'suspect' | 'left'; readonly id: string; readonly atMs: number }
  | { readonly type: 'log'; readonly line: string }
  /** Of all that it logs at the level `debug`, and how long it could do nothing. */
  | { readonly type: 'trace'; readonly line: string; readonly atMs: number }
  | { readonly type: 'answer'; readonly ok: boolean; readonly value: unknown }

/** Milliseconds on CLOCK_MONOTONIC, which all processes share. */
export function readClockMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

/** What it is told. */
export type Order =
  | { readonly type: 'listen' }
  | { readonly type: 'leave' }
  | { readonly type: 'call'; readonly target: string }

const tell = (told: Told): void => void process.send?.(told)
const print = (line: string, fields?: LogFields): string =>
  fields === undefined ? line : `${line} ${inspect(fields, { breakLength: Number.POSITIVE_INFINITY })}`
const log = (line: string, fields?: LogFields): void => tell({ type: 'log', line: print(line, fields) })
const trace = (line: string, fields?: LogFields): void =>
  tell({ type: 'trace', line: print(line, fields), atMs: readClockMs() })
const logger: Logger = { debug: trace, info: trace, warn: log, error: log }

/** Whoever did nothing for longer than this, in milliseconds, was not given the processor. */
const MAX_PAUSE_MS = 300

let wokenAtMs = readClockMs()
setInterval(() => {
  const pauseMs = Math.round(readClockMs() - wokenAtMs)
  if (pauseMs > MAX_PAUSE_MS) trace(`did nothing for ${pauseMs} ms`)
  wokenAtMs = readClockMs()
}, 50).unref()

const options = JSON.parse(process.env['PEER_OPTIONS'] ?? '{}') as PeerOptions
const peer = await createPeer({ logger, ...options })
const stub = peer.connect(netgen)
if (options.listen === false) {
  tell({ type: 'waiting' })
  await once(process, 'message')
  await peer.listen()
}
tell({ type: 'ready', id: peer.id, port: peer.port, atMs: readClockMs() })

process.on('message', (order: Order) => {
  if (order.type === 'leave') void peer.close().then(() => process.disconnect())
  else if (order.type === 'call') {
    stub.passThrough(process.pid, { peer: order.target, timeoutMs: 5_000 }).then(
      (value) => tell({ type: 'answer', ok: true, value: value === process.pid }),
      (error: Error) => tell({ type: 'answer', ok: false, value: error.message }),
    )
  }
})

for await (const { type, peer: other } of peer.watch()) {
  tell({ type, id: other.id, atMs: readClockMs() })
}
