import { formatMarkdown } from '../measure/report.js'
import { findMedian } from '../measure/rounds.js'
import { findFloor, findRate, type Rounds } from './tables.js'
import type { WorkName } from './work.js'

/** By how much netgen is to be ahead of each peer: small call, then record. */
const PEERS: readonly [name: string, small: number, record: number][] = [
  ['rpc-websockets', 2, 1.2],
  ['moleculer', 3, 1.5],
  ['trpc-ws', 6, 3],
  ['orpc-ws', 6, 3],
  ['grpc', 20, 8],
]

/** The same for those over HTTP, beside netgen over HTTP. */
const HTTP_PEERS: readonly string[] = ['trpc-http', 'orpc-http', 'connect', 'hono']

/** What is to be reached, and what was; only rows whose contestants all ran. */
export function printTargets(measured: Rounds): string {
  const ratio = (name: string, other: string, work: WorkName, inFlight = 64): number =>
    findRate(measured.get(name), work, inFlight) / findRate(measured.get(other), work, inFlight)
  const ofFloor = (work: WorkName, inFlight: number): number =>
    findRate(measured.get('netgen'), work, inFlight) / findFloor(measured, work, inFlight)
  const lone = (name: string): number => findMedian((measured.get(name) ?? []).map((round) => round.lone.p50Micros))
  const rows: readonly [what: string, reached: number, target: string][] = [
    ['session, small call, of TCP with one write per tick', ofFloor('add', 64), '≥ 0.85'],
    ...[16, 64, 256].map((inFlight): [string, number, string] => {
      return [`session, 1 KB, ${inFlight} in flight, of the best floor`, ofFloor('echoUser', inFlight), '≥ 0.9']
    }),
    ['session, 100 KB, of the best floor', ofFloor('echoStock', 16), '≥ 0.85'],
    ['session, lone call, p50, of TCP', lone('netgen') / lone('tcp'), '≤ 1.15'],
    ['HTTP, small call, of undici request', ratio('netgen-http', 'undici-request', 'add'), '≥ 0.95'],
    ['HTTP, 1 KB, of undici request', ratio('netgen-http', 'undici-request', 'echoUser'), '≥ 0.95'],
    ['HTTP, lone call, p50, of undici request', lone('netgen-http') / lone('undici-request'), '≤ 1.15'],
    ...PEERS.flatMap(([name, small, record]): [string, number, string][] => [
      [`session, small call, of ${name}`, ratio('netgen', name, 'add'), `≥ ${small}`],
      [`session, 1 KB, of ${name}`, ratio('netgen', name, 'echoUser'), `≥ ${record}`],
    ]),
    ['NATS, small call, of a bare request', ratio('netgen-nats', 'nats', 'add'), '≥ 0.85'],
    ['NATS, 1 KB, of a bare request', ratio('netgen-nats', 'nats', 'echoUser'), '≥ 0.85'],
    ['NATS, 100 KB, of a bare request', ratio('netgen-nats', 'nats', 'echoStock', 16), '≥ 0.85'],
    ['NATS, small call, of moleculer-nats', ratio('netgen-nats', 'moleculer-nats', 'add'), '> 1'],
    ['NATS, 1 KB, of moleculer-nats', ratio('netgen-nats', 'moleculer-nats', 'echoUser'), '> 1'],
    ...HTTP_PEERS.flatMap((name): [string, number, string][] => [
      [`HTTP, small call, of ${name}`, ratio('netgen-http', name, 'add'), '≥ 8'],
      [`HTTP, 1 KB, of ${name}`, ratio('netgen-http', name, 'echoUser'), '≥ 5'],
    ]),
  ]
  const known = rows.filter(([, reached]) => Number.isFinite(reached))
  return formatMarkdown([
    ['to be reached', 'measured', 'target'],
    ...known.map(([what, reached, target]) => [what, reached.toFixed(2), target]),
  ])
}
