import { formatMarkdown, formatRatio } from '../measure/report.js'
import { findMedian } from '../measure/rounds.js'
import type { VolleyResult } from './measure-volleys.js'
import type { Volley } from './publisher-process.js'
import type { Round } from './run-contestant.js'

/** What was measured, by contestant. */
export type Rounds = ReadonlyMap<string, readonly Round[]>

type Kind = Pick<Volley, 'size' | 'burst'>

const KINDS: readonly Kind[] = [
  { size: 'small', burst: 1 },
  { size: 'small', burst: 20 },
  { size: 'large', burst: 1 },
  { size: 'large', burst: 20 },
]

/** The comparison: events that arrive in a second, and what one of them costs. */
export function printFanOut(measured: Rounds): string {
  const heading = [
    'deliveries/s',
    'checks',
    '100 B, one at a time',
    'publisher / subscriber µs',
    '100 B, bursts of 20',
    'publisher / subscriber µs',
    '1 KB, one at a time',
    '1 KB, bursts of 20',
  ]
  const rows = [...measured].sort(bySpeed).map(([name, rounds]) => {
    const [first] = rounds
    const wire = first?.wire ?? name
    const shown = name === 'netgen' ? `**${wire}**` : name.startsWith('ws') ? `*${wire}*` : wire
    const [small, smallBurst, large, largeBurst] = KINDS.map((kind) => formatRate(findRate(rounds, kind)))
    return [
      shown,
      first?.checks ?? '',
      small ?? '',
      printCost(rounds, { size: 'small', burst: 1 }),
      smallBurst ?? '',
      printCost(rounds, { size: 'small', burst: 20 }),
      large ?? '',
      largeBurst ?? '',
    ]
  })
  return formatMarkdown([heading, ...rows])
}

/** What netgen set out to reach, and what it has reached. */
export function printTargets(measured: Rounds, stoppedRatios: readonly number[]): string {
  const compare = (other: string, kind: Kind): number =>
    findRate(measured.get('netgen') ?? [], kind) / findRate(measured.get(other) ?? [], kind)
  const one = (size: Volley['size']): Kind => ({ size, burst: 1 })
  const burst = (size: Volley['size']): Kind => ({ size, burst: 20 })
  const targets: readonly [string, (size: Volley['size']) => number, string][] = [
    ['one at a time, of a frame per event', (size) => compare('ws', one(size)), 'at least 0.8'],
    ['one at a time, of Socket.IO', (size) => compare('socket.io', one(size)), 'at least 1'],
    ['bursts of 20, of a frame per tick', (size) => compare('ws-tick', burst(size)), 'at least 0.7'],
    ['bursts of 20, of Socket.IO', (size) => compare('socket.io', burst(size)), 'at least 5'],
    ['bursts of 20, of tRPC', (size) => compare('trpc', burst(size)), 'at least 10'],
    ['bursts of 20, of oRPC', (size) => compare('orpc', burst(size)), 'at least 10'],
  ]
  const rows = targets.map(([text, ratio, want]) => [text, ratio('small').toFixed(2), ratio('large').toFixed(2), want])
  const stopped = formatRatio(findMedian(stoppedRatios), 1)
  rows.push(['one of a hundred stopped, time of the others', stopped, '', 'at most 1.2×'])
  return formatMarkdown([['netgen', '100 B', '1 KB', 'target'], ...rows])
}

/** Deliveries in a second: the median of the rounds. NaN where that was not measured. */
export function findRate(rounds: readonly Round[], kind: Kind): number {
  return findMedian(pick(rounds, kind).map(({ perSecond }) => perSecond))
}

function printCost(rounds: readonly Round[], kind: Kind): string {
  const results = pick(rounds, kind)
  const publisher = findMedian(results.map(({ publisherMicros, brokerMicros }) => publisherMicros + brokerMicros))
  const subscriber = findMedian(results.map(({ subscriberMicros }) => subscriberMicros))
  return `${publisher.toFixed(1)} / ${subscriber.toFixed(1)}`
}

function pick(rounds: readonly Round[], { size, burst }: Kind): readonly VolleyResult[] {
  return rounds.flatMap(({ volleys }) => volleys.filter((result) => result.size === size && result.burst === burst))
}

function bySpeed([, left]: [string, readonly Round[]], [, right]: [string, readonly Round[]]): number {
  const kind: Kind = { size: 'small', burst: 20 }
  return findRate(right, kind) - findRate(left, kind)
}

function formatRate(perSecond: number): string {
  if (perSecond >= 1_000_000) return `${(perSecond / 1_000_000).toFixed(2)}M`
  return perSecond >= 10_000 ? `${(perSecond / 1_000).toFixed(0)}k` : `${(perSecond / 1_000).toFixed(1)}k`
}
