import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstream } from '@nats-io/jetstream'
import { createPeer } from 'netgen/runtime'
import { connectWhenUp } from '../calls/contestants/nats.js'
import { findFreePort } from '../calls/listen.js'
import { findMedian } from '../measure/rounds.js'
import { orders } from './generated/orders.js'

/** How many emissions are under way at once, and how many a round makes. */
const LOADS: readonly (readonly [underWay: number, count: number])[] = [
  [1, 2_000],
  [64, 15_000],
]
const ROUNDS = 7

const SUBJECT = 'ng.default.d.orders.paid'

/** Stores one event; resolves when it is acknowledged. */
type Store = (order: number) => Promise<unknown>

/** Events a second. */
async function measureRound(store: Store, underWay: number, count: number): Promise<number> {
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) await store(next++)
  }
  const beganAtMs = performance.now()
  await Promise.all(Array.from({ length: underWay }, work))
  return (count * 1_000) / (performance.now() - beganAtMs)
}

const folder = mkdtempSync(join(tmpdir(), 'netgen-durable-'))
const port = String(await findFreePort())
const server = spawn('nats-server', ['-a', '127.0.0.1', '-p', port, '-js', '-sd', folder], { stdio: 'ignore' })
const ended = new Promise((resolve) => server.once('exit', resolve))
try {
  const connection = await connectWhenUp(port)
  const peer = await createPeer({ engine: `nats://127.0.0.1:${port}`, registry: join(folder, 'registry') })
  const { paid } = peer.connect(orders)
  const describePaid = (order: number): { order: number; cents: number; note: string } => ({
    order,
    cents: 1_999,
    note: 'Tea, two pots, and a cake that nobody wanted; to be sent on Monday.',
  })
  // The same message, with an id against duplicates too: what is promised is the same.
  const bare = jetstream(connection)
  let lastId = 0
  const contestants: Readonly<Record<'bare' | 'netgen', Store>> = {
    bare: (order) => bare.publish(SUBJECT, JSON.stringify(describePaid(order)), { msgID: `bare-${++lastId}` }),
    netgen: (order) => paid.emit(describePaid(order)),
  }
  await contestants.netgen(0)
  for (const [underWay, count] of LOADS) {
    const rates = { bare: [] as number[], netgen: [] as number[] }
    // The first round of each is not counted. Their order changes, as whoever is second finds a larger store.
    for (let round = 0; round <= ROUNDS; round++) {
      const names = round % 2 === 0 ? (['bare', 'netgen'] as const) : (['netgen', 'bare'] as const)
      for (const name of names) {
        const rate = await measureRound(contestants[name], underWay, count)
        if (round > 0) rates[name].push(rate)
      }
    }
    const shares = rates.netgen.map((rate, round) => rate / (rates.bare[round] ?? Number.NaN))
    const [bareRate, netgenRate] = [findMedian(rates.bare), findMedian(rates.netgen)].map(Math.round)
    console.log(
      `${underWay} under way: bare JetStream ${bareRate}/s, netgen ${netgenRate}/s, ${findMedian(shares).toFixed(2)} of it`,
    )
  }
  await peer.close()
  await connection.close()
} finally {
  server.kill()
  await ended
  rmSync(folder, { recursive: true })
}
