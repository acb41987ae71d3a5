// What tracebacks cost: a call that succeeds, with and without its call site; and one that fails, by how many peers it passes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer, type Peer, type PeerOptions, type RemotePeer } from 'netgen/runtime'
import { readArguments } from '../measure/arguments.js'
import { formatTable, writeResults } from '../measure/report.js'
import { findMedian, measureInRounds } from '../measure/rounds.js'
import { type SchemaStub, schema } from './generated/schema.js'

const { rounds, sizes } = readArguments({ rounds: 15, sizes: [1, 3, 10] })
const registry = mkdtempSync(join(tmpdir(), 'netgen-errors-'))
const logger = { debug() {}, info() {}, warn() {}, error() {} }
const CALLS = 2_000

const peers: Peer[] = []

async function start(options: PeerOptions = {}): Promise<Peer> {
  const peer = await createPeer({ registry, logger, port: 0, ...options })
  peers.push(peer)
  return peer
}

/** A chain of peers in this process, each a session away from the next. Answers them from the last to the first. */
async function startChain(length: number): Promise<RemotePeer[]> {
  const chain: RemotePeer[] = []
  while (chain.length < length) {
    const peer = await start()
    const onwards: SchemaStub = peer.connect(schema)
    const next = chain.at(-1)
    peer.connect(schema, {
      countItems: () => 0,
      relay: async ({ left, fails }) => {
        if (left > 0 && next) return 1 + (await onwards.relay({ left: left - 1, fails }, { peer: next }))
        if (fails) throw new TypeError('there is no shelf for tea')
        return 0
      },
    })
    chain.push(await find(peer))
  }
  return chain
}

/** As others know it: by its address, every call would ask first who is there. */
async function find({ id }: Peer): Promise<RemotePeer> {
  const found = (await observer.peers()).find((other) => other.id === id)
  if (found === undefined) throw new Error(`peer ${id} was not found`)
  return found
}

const observer = await start()

const chain = await startChain(Math.max(...sizes))
const on = (await start()).connect(schema)
const off = (await start({ callSites: false })).connect(schema)

/** Microseconds of the processor for one call, both sides together, `width` calls at once: all peers are in this process. */
async function time(stub: SchemaStub, hops: number, fails: boolean, isRead: boolean, width: number): Promise<number> {
  const peer = chain[hops - 1] as RemotePeer
  const calls = Math.ceil(CALLS / hops)
  const work = async (): Promise<void> => {
    for (let done = 0; done < calls / width; done++) {
      try {
        await stub.relay({ left: hops - 1, fails }, { peer })
      } catch (error) {
        if (isRead && !(error as Error).stack?.includes('--- at ')) throw error
      }
    }
  }
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: width }, work))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

const cases = [
  { name: 'succeeds, call sites on', measure: () => time(on, 1, false, false, 1) },
  { name: 'succeeds, call sites off', measure: () => time(off, 1, false, false, 1) },
  { name: 'succeeds, call sites on, 64 at once', measure: () => time(on, 1, false, false, 64) },
  { name: 'succeeds, call sites off, 64 at once', measure: () => time(off, 1, false, false, 64) },
  ...sizes.flatMap((hops) => [
    { name: `succeeds, ${hops} hops`, measure: () => time(on, hops, false, false, 1) },
    { name: `fails, ${hops} hops`, measure: () => time(on, hops, true, false, 1) },
    { name: `fails and is read, ${hops} hops`, measure: () => time(on, hops, true, true, 1) },
    { name: `fails, ${hops} hops, call sites off`, measure: () => time(off, hops, true, false, 1) },
  ]),
]
for (const { measure } of cases) await measure()
const measured = await measureInRounds(cases, rounds)

const rows = [...measured].map(([name, values]) => [name, `${findMedian(values).toFixed(1)} µs`])
console.log(`Node ${process.version}, medians of ${rounds} rounds, all peers in one process\n`)
console.log(formatTable([['a call that', 'takes of the processor'], ...rows]))
const pick = (name: string): readonly number[] => measured.get(name) ?? []
for (const width of ['', ', 64 at once']) {
  const [with_, without] = [pick(`succeeds, call sites on${width}`), pick(`succeeds, call sites off${width}`)]
  const ratios = with_.map((value, round) => value / (without[round] ?? Number.NaN))
  console.log(`\ncall sites on : off${width}, median of the rounds' ratios: ${findMedian(ratios).toFixed(3)}`)
}
console.log(`\n${writeResults('errors', Object.fromEntries(measured))}`)

await Promise.all(peers.map((peer) => peer.close()))
rmSync(registry, { recursive: true })
