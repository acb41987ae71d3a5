import { join } from 'node:path'
import { Child } from '../measure/child.js'
import { countForeign, readBusyMicros } from '../measure/foreign-load.js'
import type { ClientAnswers, Latency, Load, Throughput } from './client-process.js'
import type { ServerAnswers } from './server-process.js'
import type { WorkName } from './work.js'

/** One measurement under load. Microseconds are of a processor, for one call. */
export interface LoadResult {
  readonly work: WorkName
  readonly inFlight: number
  readonly perSecond: number
  readonly clientMicros: number
  readonly serverMicros: number
  readonly brokerMicros: number
  /** How many processors something else kept busy meanwhile. */
  readonly foreign: number
}

/** What one round of one contestant gave. */
export interface Round {
  readonly wire: string
  readonly checks: string
  readonly loads: readonly LoadResult[]
  readonly lone: Latency
}

/** What to measure. */
export interface Plan {
  readonly loads: readonly Omit<Load, 'forMs'>[]
  /** One stretch of warming up, of which there are some before each measurement: what V8 learnt from one load it has to forget for the next. */
  readonly warmUpMs: number
  readonly loadMs: number
  readonly loneMs: number
}

const SERVER_PROCESSOR = 0
const CLIENT_PROCESSOR = 1

/** A measurement is made again where something else took more than this of a processor. The calmest one counts. */
const MAX_FOREIGN = 0.3
const MAX_TRIES = 3

/** A load is warm where one stretch of it is faster than the one before by less than this. */
const WARM_GAIN = 1.1
const MAX_WARM_UPS = 6

/** Runs one contestant once: a fresh server process, a fresh client process. Rejects where either of them fails. */
export async function runContestant(name: string, plan: Plan): Promise<Round> {
  const start = <Known extends ServerAnswers | ClientAnswers>(script: string, processor: number): Child<Known> =>
    new Child<Known>(join(import.meta.dirname, script), [name], processor)
  const server = start<ServerAnswers>('server-process.js', SERVER_PROCESSOR)
  const client = start<ClientAnswers>('client-process.js', CLIENT_PROCESSOR)
  try {
    const { address, wire, checks } = await server.ask('describe')
    await client.ask('connect', address)
    const loads: LoadResult[] = []
    for (const load of plan.loads) {
      await warmUp(client, { ...load, forMs: plan.warmUpMs })
      loads.push(await measureCalmly(() => measureLoad(server, client, { ...load, forMs: plan.loadMs })))
    }
    await client.ask('latency', { work: 'add', forMs: plan.warmUpMs })
    const lone = await client.ask('latency', { work: 'add', forMs: plan.loneMs })
    await client.ask('close')
    await server.ask('close')
    return { wire, checks, loads, lone }
  } finally {
    await Promise.all([server.stop(), client.stop()])
  }
}

/** How long V8 takes to compile depends on the machine: by the clock alone, a slow one would be measured cold. */
async function warmUp(client: Child<ClientAnswers>, load: Load): Promise<void> {
  let before = 0
  for (let stretch = 0; stretch < MAX_WARM_UPS; stretch++) {
    const { perSecond }: Throughput = await client.ask('load', load)
    if (perSecond < before * WARM_GAIN) return
    before = perSecond
  }
}

async function measureCalmly(measure: () => Promise<LoadResult>): Promise<LoadResult> {
  let calmest = await measure()
  for (let tries = 1; tries < MAX_TRIES && calmest.foreign > MAX_FOREIGN; tries++) {
    const again = await measure()
    if (again.foreign < calmest.foreign) calmest = again
  }
  return calmest
}

async function measureLoad(
  server: Child<ServerAnswers>,
  client: Child<ClientAnswers>,
  load: Load,
): Promise<LoadResult> {
  const before = await server.ask('usage')
  const busyMicros = readBusyMicros()
  const startMs = performance.now()
  const { calls, perSecond, ownMicros }: Throughput = await client.ask('load', load)
  const tookMs = performance.now() - startMs
  const foreignAndOwn = readBusyMicros() - busyMicros
  const after = await server.ask('usage')
  const serverMicros = after.ownMicros - before.ownMicros
  const brokerMicros = after.brokerMicros - before.brokerMicros
  return {
    work: load.work,
    inFlight: load.inFlight,
    perSecond,
    clientMicros: ownMicros / calls,
    serverMicros: serverMicros / calls,
    brokerMicros: brokerMicros / calls,
    foreign: countForeign(foreignAndOwn, ownMicros + serverMicros + brokerMicros, tookMs),
  }
}
