// What a session that is open and idle holds, at both ends, beside Socket.IO's and a bare WebSocket's.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readArguments } from '../measure/arguments.js'
import { Child } from '../measure/child.js'
import type { Memory } from '../measure/memory.js'
import { formatMarkdown, writeResults } from '../measure/report.js'
import { findMedian, measureInRounds } from '../measure/rounds.js'
import { LINKS, linkKinds } from './links.js'
import type { LinksAnswers } from './links-process.js'

/** Until the connections are closed over which peers proved who they are: HTTP keeps them for 30 s. */
const IDLE_MS = 35_000

/** Kilobytes for one link: what came with all of them, divided. */
interface Held {
  readonly clientResidentKb: number
  readonly clientUsedKb: number
  readonly serverResidentKb: number
  readonly serverUsedKb: number
}

const { rounds } = readArguments({ rounds: 3, sizes: [] })
const cases = Object.keys(linkKinds).map((name) => ({ name, measure: () => measure(name) }))
const measured = await measureInRounds(cases, rounds)

const rows = [...measured].map(([name, held]) => {
  const median = (pick: (one: Held) => number): string => findMedian(held.map(pick)).toFixed(1)
  return [
    name,
    median((one) => one.clientUsedKb),
    median((one) => one.serverUsedKb),
    median((one) => one.clientResidentKb),
    median((one) => one.serverResidentKb),
  ]
})
console.log(`KB for each of ${LINKS} idle links, Node ${process.version}, medians of ${rounds} rounds\n`)
console.log(formatMarkdown([['', 'heap, client', 'heap, server', 'resident, client', 'resident, server'], ...rows]))
console.log(
  '\nresident memory also holds what opening the links left behind, and what V8 has not given back: heap decides',
)
console.log(`every round: ${writeResults('idle-links', Object.fromEntries(measured))}`)

async function measure(name: string): Promise<Held> {
  const start = (processor: number): Child<LinksAnswers> =>
    new Child<LinksAnswers>(join(import.meta.dirname, 'links-process.js'), [name], processor)
  const server = start(0)
  const client = start(1)
  try {
    await client.ask('prepareClient', await server.ask('startServer'))
    const before = await Promise.all([client.ask('memory'), server.ask('memory')])
    await client.ask('open')
    await sleep(IDLE_MS)
    const after = await Promise.all([client.ask('memory'), server.ask('memory')])
    const grown = (end: 0 | 1, part: keyof Memory): number => (after[end][part] - before[end][part]) / 1024 / LINKS
    return {
      clientResidentKb: grown(0, 'residentBytes'),
      clientUsedKb: grown(0, 'usedBytes'),
      serverResidentKb: grown(1, 'residentBytes'),
      serverUsedKb: grown(1, 'usedBytes'),
    }
  } finally {
    await Promise.all([server.stop(), client.stop()])
  }
}
