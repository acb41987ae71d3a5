import { formatMarkdown } from '../measure/report.js'
import { findMedian } from '../measure/rounds.js'
import { contestants } from './contestants.js'
import type { LoadResult, Round } from './run-contestant.js'
import type { WorkName } from './work.js'

/** What was measured, by contestant. */
export type Rounds = ReadonlyMap<string, readonly Round[]>

type Pick = (load: LoadResult) => number

/** The comparison: every contestant; for the small call beside TCP with one write per tick, else beside the best floor. */
export function printCalls(measured: Rounds): string {
  const heading = [
    '',
    'checks',
    'small call/s',
    'of the floor',
    'client / server µs',
    'lone p50 / p99 µs',
    '1 KB/s',
    'of the floor',
    '100 KB/s',
    'of the floor',
  ]
  const rows = [...measured].sort(bySpeed).map(([name, rounds]) => {
    const [first] = rounds
    const small = medianOf(rounds, 'add', 64)
    const client = small((load) => load.clientMicros).toFixed(1)
    const server = small((load) => load.serverMicros + load.brokerMicros).toFixed(1)
    const lone = (pick: (round: Round) => number): string => findMedian(rounds.map(pick)).toFixed(0)
    return [
      printName(name, first?.wire ?? ''),
      first?.checks ?? '',
      ...printRate(measured, rounds, 'add', 64),
      `${client} / ${server}`,
      `${lone(({ lone: { p50Micros } }) => p50Micros)} / ${lone(({ lone: { p99Micros } }) => p99Micros)}`,
      ...printRate(measured, rounds, 'echoUser', 64),
      ...printRate(measured, rounds, 'echoStock', 16),
    ]
  })
  return formatMarkdown([heading, ...rows])
}

/** The record at several loads: netgen and its floors. */
export function printLoads(measured: Rounds): string {
  const loads = [16, 64, 256]
  const heading = ['1 KB/s', ...loads.flatMap((inFlight) => [`${inFlight} in flight`, 'of the floor'])]
  const rows = [...measured]
    .filter(([name]) => contestants.get(name)?.kind !== 'peer')
    .map(([name, rounds]) => {
      const rates = loads.flatMap((inFlight) => printRate(measured, rounds, 'echoUser', inFlight))
      return [printName(name, rounds[0]?.wire ?? ''), ...rates]
    })
  return formatMarkdown([heading, ...rows])
}

function printName(name: string, wire: string): string {
  const kind = contestants.get(name)?.kind
  if (kind === 'netgen') return `**${wire}**`
  return kind === 'floor' ? `*floor: ${wire}*` : wire
}

function printRate(measured: Rounds, rounds: readonly Round[], work: WorkName, inFlight: number): [string, string] {
  const rate = findRate(rounds, work, inFlight)
  const ratio = rate / findFloor(measured, work, inFlight)
  return [formatRate(rate), Number.isFinite(ratio) ? ratio.toFixed(2) : '–']
}

/** Calls per second: the median of the rounds. NaN where that was not measured. */
export function findRate(rounds: readonly Round[] | undefined, work: WorkName, inFlight: number): number {
  return medianOf(rounds ?? [], work, inFlight)((load) => load.perSecond)
}

/** Calls per second of the floor that counts; NaN where none ran. */
export function findFloor(measured: Rounds, work: WorkName, inFlight: number): number {
  if (work === 'add') return findRate(measured.get('tcp'), work, inFlight)
  const rates = [...measured]
    .filter(([name]) => contestants.get(name)?.kind === 'floor')
    .map(([, rounds]) => findRate(rounds, work, inFlight))
  return rates.length === 0 ? Number.NaN : Math.max(...rates)
}

function medianOf(rounds: readonly Round[], work: WorkName, inFlight: number): (pick: Pick) => number {
  const loads = rounds.flatMap((round) =>
    round.loads.filter((load) => load.work === work && load.inFlight === inFlight),
  )
  return (pick) => findMedian(loads.map(pick))
}

function bySpeed([, left]: [string, readonly Round[]], [, right]: [string, readonly Round[]]): number {
  return findRate(right, 'add', 64) - findRate(left, 'add', 64)
}

function formatRate(perSecond: number): string {
  if (perSecond >= 10_000) return `${(perSecond / 1_000).toFixed(0)}k`
  return perSecond >= 1_000 ? `${(perSecond / 1_000).toFixed(1)}k` : perSecond.toFixed(0)
}
