// netgen beside the least that could carry its calls, and beside other libraries: how many calls, at what cost, how late.
import { parseArgs } from 'node:util'
import { writeResults } from '../measure/report.js'
import { measureInRounds } from '../measure/rounds.js'
import { hasNatsServer } from './contestants/nats.js'
import { contestants } from './contestants.js'
import { countBytes, stock, user } from './payloads.js'
import { type Plan, type Round, runContestant } from './run-contestant.js'
import { printCalls, printLoads } from './tables.js'
import { printTargets } from './targets.js'

const { values: options } = parseArgs({
  options: { rounds: { type: 'string' }, only: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const rounds = Number(options.rounds ?? (options.quick ? 1 : 5))

/** For every contestant. */
const LOADS: Plan['loads'] = [
  { work: 'add', inFlight: 64 },
  { work: 'echoUser', inFlight: 64 },
  { work: 'echoStock', inFlight: 16 },
]

/** For netgen and its floors: writing by size and by tick is right only if it loses at no load. */
const MORE_LOADS: Plan['loads'] = [
  { work: 'echoUser', inFlight: 16 },
  { work: 'echoUser', inFlight: 256 },
]

const times = options.quick
  ? { warmUpMs: 600, loadMs: 400, loneMs: 200 }
  : { warmUpMs: 2_000, loadMs: 1_000, loneMs: 500 }

const chosen = choose(options.only?.split(','))
const skipped: string[] = []
const cases = chosen.map((name) => ({ name, measure: () => run(name) }))
const measured = await measureInRounds(cases, rounds)

const text = [
  `Node ${process.version}, medians of ${rounds} rounds; record ${countBytes(user)} bytes, list ${countBytes(stock)} bytes`,
  printCalls(measured),
  printLoads(measured),
  printTargets(measured),
  ...skipped,
].join('\n\n')
console.log(text)
console.log(`\nevery round: ${writeResults('calls', Object.fromEntries(measured))}`)

function choose(only: readonly string[] | undefined): string[] {
  const unknown = only?.find((name) => !contestants.has(name))
  if (unknown !== undefined) throw new Error(`--only ${unknown} is unknown: ${[...contestants.keys()].join(', ')}`)
  return [...contestants.keys()].filter((name) => only?.includes(name) ?? true)
}

async function run(name: string): Promise<Round | undefined> {
  if (/^(?:.*-)?nats$/.test(name) && !hasNatsServer()) {
    skipped.push(`${name} is left out: nats-server is not installed (apt-get install nats-server)`)
    return undefined
  }
  const isPeer = contestants.get(name)?.kind === 'peer'
  try {
    return await runContestant(name, { ...times, loads: isPeer ? LOADS : [...LOADS, ...MORE_LOADS] })
  } catch (error) {
    skipped.push(`${name} failed: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
