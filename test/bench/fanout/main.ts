// One publisher and a hundred subscribers: netgen's events beside bare WebSockets, and beside other libraries.
import { parseArgs } from 'node:util'
import { hasNatsServer } from '../calls/contestants/nats.js'
import { writeResults } from '../measure/report.js'
import { measureInRounds } from '../measure/rounds.js'
import { contestants } from './contestants.js'
import { countBytes } from './payloads.js'
import type { Volley } from './publisher-process.js'
import { type Plan, type Round, runContestant, runStopped } from './run-contestant.js'
import { printFanOut, printTargets } from './tables.js'

const { values: options } = parseArgs({
  options: { rounds: { type: 'string' }, only: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const rounds = Number(options.rounds ?? (options.quick ? 1 : 5))

/** As many events as the buffers on the way hold: nobody is dropped anything, and nobody counts what was. */
const KINDS: readonly Volley[] = [
  { size: 'small', burst: 1, events: 200 },
  { size: 'small', burst: 20, events: 600 },
  { size: 'large', burst: 1, events: 200 },
  { size: 'large', burst: 20, events: 300 },
]
const PLAN: Plan = { kinds: KINDS, volleys: options.quick ? 4 : 10 }
const STOPPED: Volley = { size: 'small', burst: 20, events: 600 }

const chosen = choose(options.only?.split(','))
const skipped: string[] = []
const stoppedRatios: number[] = []
const measured = await measureInRounds(
  chosen.map((name) => ({ name, measure: () => run(name) })),
  rounds,
)

const text = [
  `Node ${process.version}, medians of ${rounds} rounds; events of ${countBytes('small')} and ${countBytes('large')} bytes`,
  printFanOut(measured),
  printTargets(measured, stoppedRatios),
  ...skipped,
].join('\n\n')
console.log(text)
console.log(`\nevery round: ${writeResults('fanout', { stoppedRatios, ...Object.fromEntries(measured) })}`)

function choose(only: readonly string[] | undefined): string[] {
  const unknown = only?.find((name) => !contestants.has(name))
  if (unknown !== undefined) throw new Error(`--only ${unknown} is unknown: ${[...contestants.keys()].join(', ')}`)
  return [...contestants.keys()].filter((name) => only?.includes(name) ?? true)
}

async function run(name: string): Promise<Round | undefined> {
  if (name.endsWith('nats') && !hasNatsServer()) {
    skipped.push(`${name} is left out: nats-server is not installed (apt-get install nats-server)`)
    return undefined
  }
  try {
    const round = await runContestant(name, PLAN)
    if (name === 'netgen') stoppedRatios.push(await runStopped(name, STOPPED, PLAN.volleys))
    return round
  } catch (error) {
    skipped.push(`${name} failed: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
