import { fork } from 'node:child_process'
import { once } from 'node:events'
import { bundleProgram } from '../bundle-program.js'
import type { Order, Told } from './peer-program.js'

/** Something that a peer noticed, or that a test did to it. Times are those of CLOCK_MONOTONIC, which all processes share. */
export interface Noticed {
  readonly type: 'joined' | 'changed' | 'suspect' | 'left'
  readonly id: string
  readonly atMs: number
}

/** A peer in a process of its own, in a network namespace, that follows the others. */
export interface NetworkPeer {
  readonly id: string
  readonly port: number
  /** When its process was started, and when it said that it is there. */
  readonly startedAtMs: number
  readonly readyAtMs: number
  /** All that it noticed, in order. */
  readonly noticed: readonly Noticed[]
  /** What it logged, a line each. */
  readonly logged: readonly string[]
  /** What it traced besides, in order. */
  readonly traced: readonly { readonly line: string; readonly atMs: number }[]
  /** Waits until it has noticed this of another peer, after a time; answers when it did. */
  waitFor(type: Noticed['type'], id: string, afterMs?: number, timeoutMs?: number): Promise<number>
  /** Calls another peer, which answers what it is given. */
  call(target: string): Promise<unknown>
  /** Closes the peer in order, and waits until its process has ended. */
  leave(): Promise<void>
  /** SIGKILL; answers when. */
  kill(): Promise<number>
  /** SIGSTOP. */
  stop(): void
  /** SIGCONT. */
  resume(): void
}

/** Opens for all at once, when as many wait as are expected. */
export class Gate {
  readonly #open: Promise<void>
  #resolve = (): void => {}
  #expected: number

  constructor(expected: number) {
    this.#expected = expected
    this.#open = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  wait(): Promise<void> {
    if (--this.#expected === 0) this.#resolve()
    return this.#open
  }
}

/** The niceness of the peers, and of whoever measures them. */
export const PRIORITY = -15

/** Milliseconds on the clock that all processes share. */
export function readClockMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

/**
 * Starts a peer in a namespace. Where there is a gate, its process is started, and the peer listens when that opens: so many
 * can begin at once, however long their processes take to start.
 */
export async function startNetworkPeer(
  namespace: string,
  env: Record<string, string>,
  gate?: Gate,
): Promise<NetworkPeer> {
  const program = await bundleProgram(new URL('./peer-program.ts', import.meta.url))
  const startedAtMs = readClockMs()
  const child = fork(program, {
    // Before all else on this machine: what is measured is netgen, and not what else is running.
    execPath: 'nice',
    execArgv: ['-n', String(PRIORITY), 'ip', 'netns', 'exec', namespace, process.execPath],
    env: { PATH: process.env['PATH'], ...(gate && { PEER_OPTIONS: '{"listen":false}' }), ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const send = (order: Order): void => void child.send(order)
  const noticed: Noticed[] = []
  const logged: string[] = []
  const traced: { line: string; atMs: number }[] = []
  const answers: ((told: Told & { type: 'answer' }) => void)[] = []
  let check = (): void => {}
  const ended = once(child, 'exit')
  const ready = new Promise<Told & { type: 'ready' }>((resolve, reject) => {
    child.on('message', (told: Told) => {
      if (told.type === 'ready') resolve(told)
      else if (told.type === 'waiting') void gate?.wait().then(() => send({ type: 'listen' }))
      else if (told.type === 'log') logged.push(told.line)
      else if (told.type === 'trace') traced.push(told)
      else if (told.type === 'answer') answers.shift()?.(told)
      else noticed.push(told)
      check()
    })
    ended.then(([code]) => reject(new Error(`the peer's process ended with ${code}: ${logged.join('; ')}`)), reject)
  })
  const { id, port, atMs: readyAtMs } = await ready
  const end = async (signal: NodeJS.Signals): Promise<number> => {
    const atMs = readClockMs()
    child.kill(signal)
    child.kill('SIGCONT')
    await ended
    return atMs
  }
  return {
    id,
    port,
    startedAtMs,
    readyAtMs,
    noticed,
    logged,
    traced,
    waitFor: (type, other, afterMs = 0, timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = noticed.find((one) => one.type === type && one.id === other && one.atMs >= afterMs)
          if (found === undefined) return
          clearTimeout(timer)
          resolve(found.atMs)
        }
        const before = check
        check = () => {
          before()
          look()
        }
        const timer = setTimeout(() => {
          const seen = noticed.map((one) => `${one.type} ${one.id} ${Math.round(one.atMs - afterMs)}`).join(', ')
          reject(
            new Error(
              `${id} did not notice that ${other} ${type} within ${timeoutMs} ms: ${seen}; ${logged.join('; ')}`,
            ),
          )
        }, timeoutMs)
        look()
      }),
    call: (target) =>
      new Promise((resolve, reject) => {
        answers.push(({ ok, value }) => (ok ? resolve(value) : reject(new Error(String(value)))))
        send({ type: 'call', target })
      }),
    leave: async () => {
      send({ type: 'leave' })
      await ended
    },
    kill: () =>
      child.exitCode === null && child.signalCode === null ? end('SIGKILL') : Promise.resolve(readClockMs()),
    stop: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  }
}
