import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nats } from 'netgen/nats'
import { createPeer, type Peer } from 'netgen/runtime'
import { answerQuestions } from '../measure/child.js'

/** Peers of one process, at a broker. */
export interface PeersAnswers {
  /** Starts peers that beat so often, and resolves when all of them listen. */
  start(told: { port: string; count: number; beatMs: number }): Promise<void>
  /** How many others the last peer finds. */
  find(): Promise<number>
  /** What this process has used of a processor, in microseconds. */
  readMicros(): number
  readonly [name: string]: (told: never) => unknown
}

const registry = mkdtempSync(join(tmpdir(), 'netgen-bench-'))
process.once('exit', () => rmSync(registry, { recursive: true, force: true }))
const peers: Peer[] = []

answerQuestions({
  start: async ({ port, count, beatMs }) => {
    const engine = nats({ servers: `nats://127.0.0.1:${port}`, beatMs })
    for (let index = 0; index < count; index++) peers.push(await createPeer({ engine, registry, port: 0 }))
  },
  find: async () => (await peers.at(-1)?.peers())?.length ?? 0,
  readMicros: () => {
    const { user, system } = process.cpuUsage()
    return user + system
  },
} satisfies PeersAnswers)
