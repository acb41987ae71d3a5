import { setTimeout as sleep } from 'node:timers/promises'
import { queryObjects } from 'node:v8'
import { createPeer, type RemotePeer } from 'netgen/runtime'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { CallScope } from '../../../runtime/call/scope/call-scope.js'
import { silent } from '../../runtime/behaviour/harness.js'

/** What the caller is told: where each kind of handler is, and how many calls to make in all. */
export interface DeadlineTask {
  readonly ports: Readonly<Record<HandlerKind, number>>
  readonly calls: number
}

/** What it tells. */
export interface DeadlineReport {
  /**
   * How much later than a plain timer that was set with it each call ended, in milliseconds: 0 where it was in time. What else the
   * machine does holds up both.
   */
  readonly lateMs: readonly number[]
  /** How often a call to a kind of handler ended how. */
  readonly ends: Readonly<Record<string, number>>
  /** How many calls it still holds when all have ended. */
  readonly left: number
}

/** A handler that answers at once, one that takes up to a second, one that never answers, and one whose process dies. */
export type HandlerKind = 'fast' | 'slow' | 'silent' | 'dying'

/** A peer that stays, or where one is that does not. */
type Target = RemotePeer | string

type Call = (stub: SchemaStub, options: { readonly peer: Target; readonly timeoutMs: number }) => Promise<unknown>

const KINDS: Readonly<Record<HandlerKind, Call>> = {
  fast: (stub, options) => stub.greet(options),
  slow: (stub, options) => stub.wait({ ms: pickMs() }, options),
  silent: (stub, options) => stub.forget('', options),
  dying: (stub, options) => stub.put({ name: 'a', text: `${pickMs()}` }, options),
}
const TRANSPORTS = ['session', 'http'] as const

/** How many calls begin in a second, at times of their own: as many as leave a machine of two processors time for timers. */
const CALLS_PER_SECOND = 1_000

/** Any time up to so many milliseconds. */
function pickMs(limitMs = 1_000): number {
  return Math.floor(Math.random() * limitMs)
}

async function run({ ports, calls }: DeadlineTask): Promise<DeadlineReport> {
  const lateMs: number[] = []
  const ends: Record<string, number> = {}
  const work = async (stub: SchemaStub, kind: HandlerKind, peer: Target, many: number): Promise<void> => {
    const one = async (): Promise<void> => {
      await sleep(pickMs((calls / CALLS_PER_SECOND) * 1_000))
      const timeoutMs = 1 + pickMs()
      const witness = new Promise<number>((resolve) => setTimeout(() => resolve(performance.now()), timeoutMs))
      const end = await KINDS[kind](stub, { peer, timeoutMs }).then(
        () => 'ok',
        (error: { code: string }) => error.code,
      )
      const endedAtMs = performance.now()
      lateMs.push(Math.max(0, endedAtMs - (await witness)))
      ends[`${kind} ${end}`] = (ends[`${kind} ${end}`] ?? 0) + 1
    }
    await Promise.all(Array.from({ length: many }, one))
  }
  const kinds = Object.keys(KINDS) as HandlerKind[]
  const peers = await Promise.all(TRANSPORTS.map((transport) => createPeer({ port: 0, logger: silent, transport })))
  await Promise.all(
    peers.map(async (peer) => {
      const stub = peer.connect(schema)
      const found = await peer.peers()
      const find = (kind: HandlerKind): Target => {
        const there = kind === 'dying' ? undefined : found.find(({ port }) => port === ports[kind])
        return there ?? `127.0.0.1:${ports[kind]}`
      }
      await Promise.all(kinds.map((kind) => work(stub, kind, find(kind), calls / TRANSPORTS.length / kinds.length)))
    }),
  )
  const left = queryObjects(CallScope, { format: 'count' }) as unknown as number
  await Promise.all(peers.map((peer) => peer.close()))
  return { lateMs, ends, left }
}

/** Makes calls whose deadlines are between 1 and 1,000 ms, in a process that does nothing else. */
process.on('message', (task: DeadlineTask) => void run(task).then((report) => process.send?.(report)))
process.once('disconnect', () => process.exit())
process.send?.('ready')
