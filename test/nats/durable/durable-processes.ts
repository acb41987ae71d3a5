import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleProgram } from '../../e2e/bundle-program.js'

/** A publisher, the processes that share the work, and those that keep a ledger in order. */
export type Role = 'publisher' | 'work' | 'ledger'

/** What became of the events. */
export interface Balance {
  readonly acknowledged: number
  /** Ids that were acknowledged, and not handled. */
  readonly lost: readonly string[]
  /** How many were handled again. */
  readonly duplicates: number
  /** When anything was handled, in milliseconds since 1970. */
  readonly handledMs: readonly number[]
  /** Whether those that are in order were: each for the first time after all before it. */
  readonly isOrdered: boolean
}

/** Processes that emit and handle durable events, and write down which. */
export class DurableProcesses {
  readonly #folder: string
  readonly #env: Record<string, string>
  readonly #running = new Map<string, ChildProcess>()
  readonly #acknowledged: LineCounter
  #lives = 0

  constructor(folder: string, env: Record<string, string>) {
    this.#folder = folder
    this.#env = env
    for (const role of ['publisher', 'work', 'ledger'] as const) writeFileSync(this.#journalOf(role), '')
    this.#acknowledged = new LineCounter(this.#journalOf('publisher'))
  }

  /** Starts one, under a key of its own, which is its role and a number. Resolves when it is at work. */
  async start(role: Role, number = 1): Promise<void> {
    const program = await bundleProgram(new URL('./durable-process.ts', import.meta.url))
    const env = { ROLE: role, JOURNAL: this.#journalOf(role), LIFE: `${++this.#lives}`, NET_REGISTRY: this.#folder }
    const child = fork(program, { env: { ...process.env, ...env, ...this.#env } })
    this.#running.set(`${role}${number}`, child)
    await once(child, 'message')
  }

  /** Kills one at once, as a crash does. */
  async kill(role: Role, number = 1): Promise<void> {
    const child = this.#take(role, number)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** Lets one end by itself; resolves with the exit code. */
  async end(role: Role, number = 1): Promise<unknown> {
    const child = this.#take(role, number)
    const ended = once(child, 'exit')
    child.send('end')
    const [code] = await ended
    return code
  }

  /** How many emissions were acknowledged by now. */
  countAcknowledged(): number {
    return this.#acknowledged.count()
  }

  /** What became of all events up to now. */
  balance(): Balance {
    const acknowledged = this.#read('publisher').map(([id = '']) => id)
    const [work, ledger] = [this.#read('work'), this.#read('ledger')]
    const handled = [...work, ...ledger]
    const seen = new Set(handled.map(([id]) => id))
    const ledgerSequences = [...new Set(ledger.map(([, sequence]) => Number(sequence)))]
    return {
      acknowledged: acknowledged.length,
      lost: acknowledged.filter((id) => !seen.has(id)),
      duplicates: handled.length - seen.size,
      handledMs: handled.map(([, , atMs]) => Number(atMs)),
      isOrdered: ledgerSequences.every((sequence, index) => sequence > (ledgerSequences[index - 1] ?? 0)),
    }
  }

  /** Ends what still runs. */
  killAll(): void {
    for (const child of this.#running.values()) child.kill('SIGKILL')
  }

  #take(role: Role, number: number): ChildProcess {
    const child = this.#running.get(`${role}${number}`)
    if (child === undefined) throw new Error(`no ${role} ${number} runs`)
    this.#running.delete(`${role}${number}`)
    return child
  }

  #journalOf(role: Role): string {
    return join(this.#folder, `${role}.journal`)
  }

  /** The words of each whole line: the last one may be under way. */
  #read(role: Role): string[][] {
    const lines = readFileSync(this.#journalOf(role), 'utf8').split('\n')
    return lines.slice(0, -1).map((line) => line.split(' '))
  }
}

/** Counts the lines of a file that grows, each once. */
class LineCounter {
  readonly #file: number
  readonly #chunk = Buffer.alloc(65_536)
  #lines = 0

  constructor(path: string) {
    this.#file = openSync(path, 'r')
  }

  count(): number {
    for (;;) {
      const length = readSync(this.#file, this.#chunk)
      if (length === 0) return this.#lines
      for (const byte of this.#chunk.subarray(0, length)) if (byte === LINE_FEED) this.#lines++
    }
  }
}

const LINE_FEED = 0x0a
