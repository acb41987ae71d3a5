import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Gap, type Peer } from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { events } from '../../../fixtures/behaviour/generated/events.js'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../fixtures/behaviour/generated/streams.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { countSockets } from '../../runtime/behaviour/socket-harness.js'
import { collect } from '../../runtime/behaviour/stream-peers.js'
import type { Fault, FaultKind } from './fault.js'
import { type FaultyPeer, startFaulty } from './start-faulty.js'

const FAULTS: Readonly<Record<FaultKind, Fault>> = {
  latency: { kind: 'latency', delayMs: 10 },
  jitter: { kind: 'jitter', delayMs: 20 },
  bandwidth: { kind: 'bandwidth', bytesPerSecond: 50_000 },
  'slow close': { kind: 'slow close', delayMs: 300 },
  timeout: { kind: 'timeout' },
  reset: { kind: 'reset' },
  slicing: { kind: 'slicing', bytes: 7 },
  truncation: { kind: 'truncation', bytes: 8 },
  down: { kind: 'down' },
}

/** A fault is there before the first connection, or comes when the handler of a call, or a subscription, is in its midst. */
type Moment = 'at first' | 'in the midst'

/** What the caller gets. */
type Outcome =
  | 'answered'
  | 'deadline_exceeded, has not run'
  | 'deadline_exceeded, may have run'
  | 'unavailable, has not run'
  | 'unavailable, may have run'
  | 'unimplemented, has not run'
  /** Each event, in order. */
  | 'all'
  /** How many are missing is told, then all that follow come. */
  | 'all but those told'

const CALLS = ['unary', 'stream out', 'stream in', 'event'] as const
type Call = (typeof CALLS)[number]

/** One outcome for all calls, and another one for events: what was emitted before anybody was reached is not missed. */
type Row = readonly [call: Outcome, event: Outcome]

const FINE: Row = ['answered', 'all']
const LOST: Row = ['unavailable, may have run', 'all but those told']
const UNREACHED: Row = ['unavailable, has not run', 'all']

const WANTED: Readonly<Record<FaultKind, Readonly<Record<Moment, Row>>>> = {
  latency: { 'at first': FINE, 'in the midst': FINE },
  jitter: { 'at first': FINE, 'in the midst': FINE },
  bandwidth: { 'at first': FINE, 'in the midst': FINE },
  'slow close': { 'at first': FINE, 'in the midst': FINE },
  slicing: { 'at first': FINE, 'in the midst': FINE },
  timeout: {
    'at first': ['deadline_exceeded, has not run', 'all'],
    'in the midst': ['deadline_exceeded, may have run', 'all but those told'],
  },
  reset: { 'at first': UNREACHED, 'in the midst': LOST },
  truncation: { 'at first': UNREACHED, 'in the midst': LOST },
  down: { 'at first': UNREACHED, 'in the midst': LOST },
}

/** One request over HTTP carries neither: that is said at once, whatever the way is like. */
const NOT_OVER_HTTP: readonly Call[] = ['stream in', 'event']

const TRANSPORTS = ['session', 'http'] as const
const MOMENTS: readonly Moment[] = ['at first', 'in the midst']
const CASES = TRANSPORTS.flatMap((transport) =>
  MOMENTS.flatMap((moment) =>
    (Object.keys(WANTED) as FaultKind[]).flatMap((kind) =>
      CALLS.map((call) => {
        const [called, heard] = WANTED[kind][moment]
        const possible = call === 'event' ? heard : called
        const isRefused = transport === 'http' && NOT_OVER_HTTP.includes(call)
        return { transport, moment, kind, call, wanted: isRefused ? ('unimplemented, has not run' as const) : possible }
      }),
    ),
  ),
)

const KEY = 'a key of sixteen characters and more'

/** How many items a stream has: some more than may be sent without an answer of its reader. */
const ITEMS = 100

/** What a call whose fault lets nothing through is given, and one that has to end by itself, in milliseconds. */
const SHORT_MS = 200
const LONG_MS = 10_000

/** How much later than its deadline a call may end here, in milliseconds: the machine may be busy. */
const LATE_MS = 1_000

/** How long what has not run is repeated, in milliseconds. */
const RETRY_MS = 100

describe('the way between two peers is bad', () => {
  let registries: string[]
  let there: FaultyPeer
  let here: Peer

  beforeAll(async () => {
    registries = await Promise.all(['here', 'there'].map((name) => mkdtemp(join(tmpdir(), `netgen-registry-${name}-`))))
    there = await startFaulty(registries[1] ?? '', KEY)
  })
  afterAll(async () => {
    await there.close()
    for (const registry of registries) await rm(registry, { recursive: true })
  })

  let sockets: number
  beforeEach(() => {
    sockets = countSockets()
  })
  afterEach(async () => {
    await here.close()
    await expect.poll(() => there.proxy.connections).toBe(0)
    await expect.poll(countSockets).toBe(sockets)
  })

  /** What a call comes to that leaves with the fault, or meets it in its midst. */
  async function call(kind: Call, fault: Fault, moment: Moment): Promise<Outcome> {
    const { proxy } = there
    if (moment === 'in the midst') {
      await there.hold()
      void there.untilHeld().then(async () => {
        await proxy.spoil(fault)
        there.letGo()
      })
    }
    const timeoutMs = fault.kind === 'timeout' ? SHORT_MS : LONG_MS
    const id = randomUUID()
    const beganAtMs = performance.now()
    const outcome = await run(kind, `${id} ${'x'.repeat(3_000)}`, timeoutMs).catch(readFailure)
    expect(performance.now() - beganAtMs).toBeLessThan(timeoutMs + LATE_MS)
    const ran = (await there.listCalled()).filter((called) => called === id).length
    expect(ran).toBeLessThanOrEqual(outcome.endsWith('has not run') ? 0 : 1)
    return outcome
  }

  async function run(kind: Call, text: string, timeoutMs: number): Promise<Outcome> {
    const options = { peer: there.peer, timeoutMs }
    const numbers = Array.from({ length: ITEMS }, (_, index) => index)
    if (kind === 'unary') expect(await here.connect(schema).echo(text, options)).toBe(text)
    else if (kind === 'stream out') {
      expect(await collect(here.connect(streams).count({ many: ITEMS }, options))).toEqual(numbers)
    } else expect(await here.connect(streams).sum(numbers, options)).toBe((ITEMS * (ITEMS - 1)) / 2)
    return 'answered'
  }

  /** What a subscriber gets of events some of which are emitted while the fault is there. */
  async function hear(fault: Fault, moment: Moment): Promise<Outcome> {
    const { peer, proxy } = there
    const heard: number[] = []
    const gaps: Gap[] = []
    const onGap = (gap: Gap): void => void gaps.push(gap)
    const subscription = await here.connect(events).counted.subscribe((count) => heard.push(count), {
      peers: [peer],
      onGap,
    })
    if (moment === 'in the midst') {
      there.emit(3)
      await expect.poll(() => heard).toHaveLength(3)
      await proxy.spoil(fault)
      there.emit(3)
      // Whatever is to be lost is lost.
      const isSpoiled = (): boolean => heard.length === 6 || proxy.spoiled > 0
      await expect.poll(isSpoiled).toBe(true)
    }
    if (isClosing(fault)) await proxy.heal()
    const reached = heard.length
    // It is subscribed to again, at some time: from then on it hears everything.
    await expect
      .poll(
        () => {
          there.emit(1)
          return heard.length
        },
        { timeout: LONG_MS, interval: 20 },
      )
      .toBeGreaterThan(reached)
    await subscription.close()
    const missed = gaps.flatMap((gap) => Array.from({ length: gap.missed }, (_, index) => gap.from + index))
    const known = [...heard, ...missed].sort((left, right) => left - right)
    const first = known[0] ?? 0
    expect(known).toEqual(known.map((_, index) => first + index))
    expect(heard).toEqual([...heard].sort((left, right) => left - right))
    return missed.length === 0 ? 'all' : 'all but those told'
  }

  test.each(CASES)(
    '$transport, $kind $moment, $call: $wanted',
    async ({ transport, moment, kind, call: shape, wanted }) => {
      const { peer, proxy } = there
      const peers = [`127.0.0.1:${peer.port}`]
      here = await createPeer({
        registry: registries[0] ?? '',
        key: KEY,
        peers,
        port: 0,
        logger: silent,
        transport,
        retryMs: RETRY_MS,
      })
      const { add } = here.connect(schema)
      if (moment === 'at first') await proxy.spoil(FAULTS[kind])
      else expect(await add({ left: 1, right: 2 }, { peer })).toBe(3)
      const isRefused = wanted === 'unimplemented, has not run'
      const outcome =
        shape === 'event'
          ? await hear(FAULTS[kind], moment).catch(readFailure)
          : await call(shape, FAULTS[kind], isRefused ? 'at first' : moment)
      expect(outcome).toBe(wanted)
      await proxy.heal()
      // What the fault has left over is gone, and the next calls are as any.
      const again = (): Promise<unknown> => add({ left: 1, right: 2 }, { peer }).catch(readFailure)
      await expect.poll(again, { timeout: LONG_MS }).toBe(3)
    },
  )
})

/** Whether nothing more comes through. */
function isClosing({ kind }: Fault): boolean {
  return ['timeout', 'reset', 'truncation', 'down'].includes(kind)
}

/** What a failure says, where it is netgen's own. */
function readFailure(error: unknown): Outcome {
  const { name, code, maybeExecuted } = error as { name: string; code: string; maybeExecuted: boolean }
  if (name !== 'NetgenError') throw error
  return `${code}, ${maybeExecuted ? 'may have run' : 'has not run'}` as Outcome
}
