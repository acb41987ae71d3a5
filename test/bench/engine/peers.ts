// What peers cost that only tell each other through an engine that they are there: messages, and processor time.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectWhenUp, startBroker } from '../calls/contestants/nats.js'
import { readArguments } from '../measure/arguments.js'
import { Child } from '../measure/child.js'
import { formatMarkdown, writeResults } from '../measure/report.js'
import { findMedian, measureInRounds } from '../measure/rounds.js'
import type { PeersAnswers } from './peers-process.js'

const PROCESSES = 4
const BEATS_MS = [600, 2_400]
/** How long is measured, after all have found each other, in milliseconds. */
const WINDOW_MS = 8_000
/** How long they may take for that. */
const LIMIT_MS = 30_000

/** What was measured with all peers together. */
interface Cost {
  readonly messagesPerSecond: number
  readonly bytesPerSecond: number
  readonly peersMicrosPerSecond: number
  readonly brokerMicrosPerSecond: number
}

const { rounds, sizes } = readArguments({ rounds: 1, sizes: [200] })
const cases = sizes.flatMap((size) =>
  BEATS_MS.map((beatMs) => ({ name: `${size} peers, beats of ${beatMs} ms`, measure: () => measure(size, beatMs) })),
)
const measured = await measureInRounds(cases, rounds)

const rows = [...measured].map(([name, costs]) => {
  const count = Number.parseInt(name, 10)
  const median = (pick: (cost: Cost) => number): number => findMedian(costs.map(pick))
  const messages = median((cost) => cost.messagesPerSecond)
  return [
    name,
    messages.toFixed(0),
    (messages * (count - 1)).toFixed(0),
    (median((cost) => cost.bytesPerSecond) / 1_000).toFixed(0),
    (median((cost) => cost.peersMicrosPerSecond) / count / 10_000).toFixed(2),
    (median((cost) => cost.brokerMicrosPerSecond) / 10_000).toFixed(1),
  ]
})
console.log(`idle peers of one group in ${PROCESSES} processes, Node ${process.version}\n`)
const heading = ['', 'beats/s', 'of them heard/s', 'kB/s to each', '% of a processor, a peer', '%, the server']
console.log(formatMarkdown([heading, ...rows]))
console.log(`\nevery round: ${writeResults('engine-peers', Object.fromEntries(measured))}`)
process.exit()

async function measure(size: number, beatMs: number): Promise<Cost> {
  const broker = await startBroker()
  const observer = await connectWhenUp(broker.port)
  const children = Array.from(
    { length: PROCESSES },
    (_, index) => new Child<PeersAnswers>(join(import.meta.dirname, 'peers-process.js'), [], index % 2),
  )
  try {
    const told = { port: broker.port, count: size / PROCESSES, beatMs }
    await Promise.all(children.map((child) => child.ask('start', told)))
    await untilAllAreFound(children, size - 1)
    let messages = 0
    let bytes = 0
    observer.subscribe('ng.*.beat', {
      callback: (_error, { data }) => {
        messages++
        bytes += data.length
      },
    })
    await observer.flush()
    const readAll = (): Promise<number[]> => Promise.all(children.map((child) => child.ask('readMicros')))
    const [before, brokerBefore, startedAtMs] = [await readAll(), broker.readBrokerMicros(), performance.now()]
    await sleep(WINDOW_MS)
    const [after, brokerAfter] = [await readAll(), broker.readBrokerMicros()]
    const seconds = (performance.now() - startedAtMs) / 1_000
    return {
      messagesPerSecond: messages / seconds,
      bytesPerSecond: bytes / seconds,
      peersMicrosPerSecond: (add(after) - add(before)) / seconds,
      brokerMicrosPerSecond: (brokerAfter - brokerBefore) / seconds,
    }
  } finally {
    await Promise.all(children.map((child) => child.stop()))
    await observer.close()
    broker.close()
  }
}

async function untilAllAreFound(children: readonly Child<PeersAnswers>[], count: number): Promise<void> {
  const endsAtMs = performance.now() + LIMIT_MS
  for (;;) {
    const found = await Promise.all(children.map((child) => child.ask('find')))
    if (found.every((number) => number === count)) return
    if (performance.now() > endsAtMs) throw new Error(`peers found ${found.join(', ')} others instead of ${count}`)
    await sleep(200)
  }
}

function add(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
