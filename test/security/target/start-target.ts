import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deriveSecret } from '../../../runtime/peer/group-key.js'
import { Trust } from '../../../runtime/transport/http/trust.js'
import type { Counts } from './checked-handlers.js'

/** What a target says when it is ready. */
export interface TargetStart {
  readonly id: string
  readonly port: number
}

/** What a target is asked for. */
export type TargetQuestion = 'report' | 'pulse' | 'stall'

/** How a target is. Its garbage has been collected. */
export interface TargetReport extends Counts {
  /** What would have ended the process, or was warned of. */
  readonly faults: readonly string[]
  /** How many datagrams reached it. */
  readonly datagrams: number
  /** How many addresses it was told of over multicast DNS, and believed enough to ask. */
  readonly claims: number
  /** Open sockets of TCP and UDP, and servers. */
  readonly sockets: number
  readonly heldBytes: number
  readonly rssBytes: number
  readonly arePrototypesWhole: boolean
}

/** A peer that is attacked, in a process of its own. */
export interface Target extends TargetStart {
  readonly process: ChildProcess
  /** What opens its door. */
  readonly token: string
  /** The folder in which it is found. */
  readonly registry: string
  /** What knows the group's key. */
  readonly trust: Trust
  /** Rejects where its process has ended. */
  report(): Promise<TargetReport>
  /** Resolves when it has come to read what was sent by now. Rejects as `report` does. */
  pulse(): Promise<void>
  /** The longest time for which its event loop stood still since this was asked last, in milliseconds. Rejects as `report` does. */
  stall(): Promise<number>
  /** Has it close. Rejects where its process does not end by itself. */
  stop(): Promise<void>
}

/** What the target's group shares. */
export const KEY = 'a key that only the tests know'

/** How long a target may take to close, in milliseconds: it drains nothing. */
const MAX_STOP_MS = 5_000

/** Starts a target that is bound to a host. */
export async function startTarget(host = '127.0.0.1'): Promise<Target> {
  const registry = await mkdtemp(join(tmpdir(), 'netgen-registry-'))
  const path = fileURLToPath(new URL('./target-process.ts', import.meta.url))
  const child = fork(path, [host, KEY], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    env: { ...process.env, NET_REGISTRY: registry },
  })
  const waiting: ((message: unknown) => void)[] = []
  child.on('message', (message) => waiting.shift()?.(message))
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the target has ended with ${child.exitCode ?? child.signalCode}`)
  })
  ended.catch(() => {})
  const read = <Message>(): Promise<Message> =>
    Promise.race([new Promise<unknown>((resolve) => waiting.push(resolve)), ended]) as Promise<Message>
  const ask = <Answer>(question: TargetQuestion): Promise<Answer> => {
    child.send(question)
    return read<Answer>()
  }
  const { id, port } = await read<TargetStart>()
  const trust = new Trust(await deriveSecret({ kind: 'text', text: KEY }), 'key')
  return {
    process: child,
    id,
    port,
    registry,
    trust,
    token: trust.createToken(id),
    report: () => ask<TargetReport>('report'),
    pulse: () => ask<void>('pulse'),
    stall: () => ask<number>('stall'),
    stop: async () => {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), MAX_STOP_MS)
      await ended.catch(() => {})
      clearTimeout(timer)
      await rm(registry, { recursive: true })
      if (child.exitCode !== 0) throw new Error(`the target did not close: ${child.exitCode ?? child.signalCode}`)
    },
  }
}
