import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { Client, Contestant } from '../contestant.js'
import { findFreePort } from '../listen.js'
import { doWork, WORK_NAMES } from '../work.js'

/** Whether a broker can be started here. */
export function hasNatsServer(): boolean {
  return spawnSync('nats-server', ['--version']).error === undefined
}

const START_LIMIT_MS = 5_000
const REQUEST_LIMIT_MS = 5_000

/** Connects to a broker that may still be starting. Rejects where it is not there after five seconds. */
export async function connectWhenUp(port: string): Promise<NatsConnection> {
  const endsAtMs = performance.now() + START_LIMIT_MS
  for (;;) {
    try {
      return await connect({ servers: `127.0.0.1:${port}` })
    } catch (error) {
      if (performance.now() > endsAtMs) throw error
      await sleep(50)
    }
  }
}

/** What a process has used of its processor, in microseconds: fields 14 and 15 of its line, in ticks of 10 ms. */
function readProcessorMicros({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** A broker in a process of its own, which ends with this one. */
export interface Broker {
  readonly port: string
  /** What it has used of a processor, in microseconds. */
  readonly readBrokerMicros: () => number
  readonly close: () => boolean
}

/** Starts a broker on a port that was free. */
export async function startBroker(): Promise<Broker> {
  const port = String(await findFreePort())
  const broker = spawn('nats-server', ['-a', '127.0.0.1', '-p', port], { stdio: 'ignore' })
  const close = (): boolean => broker.kill('SIGKILL')
  process.once('exit', close)
  return { port, readBrokerMicros: () => readProcessorMicros(broker), close }
}

/** Request and reply through a broker, which is a third process. */
export const nats: Contestant = {
  wire: 'NATS request and reply, through nats-server',
  checks: 'nothing',
  startServer: async () => {
    const { port, readBrokerMicros, close } = await startBroker()
    const connection = await connectWhenUp(port)
    for (const name of WORK_NAMES) {
      connection.subscribe(name, {
        callback: (_error, message) => {
          message.respond(JSON.stringify(doWork(name, message.json())))
        },
      })
    }
    await connection.flush()
    return { address: port, readBrokerMicros, close }
  },
  createClient: async (port): Promise<Client> => {
    const connection = await connectWhenUp(port)
    const call = async <Output>(name: string, input: unknown): Promise<Output> => {
      const message = await connection.request(name, JSON.stringify(input), { timeout: REQUEST_LIMIT_MS })
      return message.json<Output>()
    }
    return {
      add: (pair) => call('add', pair),
      echoUser: (user) => call('echoUser', user),
      echoStock: (stock) => call('echoStock', stock),
    }
  },
}
