import { type ChildProcess, spawn } from 'node:child_process'
import type { Answer, ChildMessage, Task } from './answer.js'
import type { OwnProgram } from './own-program.js'

/** How a run ended: with an answer, or with no answer. */
export type ChildOutcome =
  | Answer
  | { readonly outcome: 'timed-out' }
  | { readonly outcome: 'ended'; readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }

/** A Node process of its own, for one run of one schema file. */
export interface SchemaChild {
  /** Tells it what is known of the exports of its task, while it waits for that. */
  tell(known: ReadonlyMap<string, string>): void
  /**
   * Runs the task, with the schema's folder as working directory. Ends the process as soon as it answered, whatever it left
   * open, and at the latest after `timeoutMs`. Rejects where the process could not be started.
   *
   * @param known What is known of its exports. Default: what it was told.
   */
  run(task: Task, timeoutMs: number, known?: ReadonlyMap<string, string>): Promise<ChildOutcome>
  /** Ends it, whatever it does. */
  end(): void
  /** Whether it has not ended. */
  readonly isAlive: boolean
}

/**
 * Room for all that a thousand connections are, in megabytes: V8 begins with 1, would copy what lives, again and again, as that
 * grows, and would then look through all of it. That takes it a third of the time. Memory that is not used is not taken.
 */
const MEMORY_FLAGS = ['--min-semi-space-size=128', '--max-semi-space-size=128', '--initial-old-space-size=256']

/**
 * Starts a process that waits for a task. Nothing is written to the disk for it. What it prints to its standard output goes to
 * this process's standard error.
 *
 * @param program Where it is text, the process starts while that is still being made.
 * @param vocabulary The URL of a module to load while it waits.
 * @param warmsUp Whether it then runs what it will need. Default: false.
 */
export function startChild(program: OwnProgram, vocabulary: string | undefined, warmsUp = false): SchemaChild {
  const run = 'file' in program ? [program.file] : ['--input-type=module', '-']
  const child = spawn(
    process.execPath,
    [...MEMORY_FLAGS, ...run, ...(vocabulary === undefined ? [] : [vocabulary, ...(warmsUp ? ['warm'] : [])])],
    {
      stdio: ['pipe', 2, 'inherit', 'ipc'],
      // Unlike JSON it sends long texts as they are.
      serialization: 'advanced',
    },
  )
  killWithThisProcess(child)
  const text = 'file' in program ? Promise.resolve('') : program.text
  let outcome: ChildOutcome | undefined
  const ended = new Promise<ChildOutcome>((resolve, reject) => {
    child.once('message', (answer) => {
      outcome ??= answer as Answer
      child.kill('SIGKILL')
      // Nobody has to wait until the system has taken its memory back.
      resolve(outcome)
    })
    child.once('close', (exitCode, signal) => {
      running.delete(child)
      resolve(outcome ?? { outcome: 'ended', exitCode, signal })
    })
    child.once('error', reject)
    text.catch(reject)
  })
  // Whoever runs a task hears of it; a process that waits in vain is nobody's trouble.
  ended.catch(() => undefined)
  // A child that ends at once closes its end of both pipes; `close` says what there is to say.
  child.stdin?.on('error', () => undefined)
  text.then(
    (code) => child.stdin?.end(code),
    () => child.kill('SIGKILL'),
  )

  // What a process does not hear that has ended is nobody's trouble: `close` says so.
  const send = (message: ChildMessage): void => {
    if (child.connected) child.send(message, () => undefined)
  }

  return {
    tell: (known) => send({ known }),
    run: async (task, timeoutMs, known) => {
      const timer = setTimeout(() => {
        outcome ??= { outcome: 'timed-out' }
        child.kill('SIGKILL')
      }, timeoutMs)
      send({ task, ...(known && { known }) })
      try {
        return await ended
      } finally {
        clearTimeout(timer)
      }
    },
    end: () => void child.kill('SIGKILL'),
    get isAlive() {
      return child.exitCode === null && child.signalCode === null
    },
  }
}

const running = new Set<ChildProcess>()

// A schema that loops for ever would outlive a command that was interrupted.
function killWithThisProcess(child: ChildProcess): void {
  if (running.size === 0 && !process.listeners('exit').includes(killRunning)) process.on('exit', killRunning)
  running.add(child)
}

function killRunning(): void {
  for (const child of running) child.kill('SIGKILL')
}
