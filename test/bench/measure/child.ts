import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { availableParallelism, setPriority } from 'node:os'

/** The questions that a child process answers: by name, each from what it is told to what it answers. */
export type Answers = Readonly<Record<string, (told: never) => unknown>>

interface Question {
  readonly ask: string
  readonly told: unknown
}

type Reply = { readonly value: unknown } | { readonly error: string }

const TIME_LIMIT_MS = 60_000

/** Before others, so that what else runs on the machine takes less from what is measured; only root may. */
const PRIORITY = -10

const hasTaskset = availableParallelism() > 1 && spawnSync('taskset', ['--version']).error === undefined

/** A Node process that answers questions, one at a time. */
export class Child<Known extends Answers> {
  readonly #process: ChildProcess

  /**
   * Starts it. Where the system can, it stays on one processor, so that two children never share one.
   *
   * @param flags For Node itself.
   */
  constructor(script: string, args: readonly string[], processor: number, flags: readonly string[] = []) {
    this.#process = fork(script, args, { execArgv: [...flags], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const { pid } = this.#process
    if (pid === undefined) return
    if (hasTaskset) spawnSync('taskset', ['-a', '-p', '-c', String(processor), String(pid)])
    try {
      setPriority(pid, PRIORITY)
    } catch {
      // Not root: then with the same priority as everything else.
    }
  }

  /** Asks, and resolves with the answer. Rejects with the child's error, where it has ended, or after a minute. */
  ask<Name extends keyof Known & string>(
    name: Name,
    ...[told]: Parameters<Known[Name]>
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer)
        this.#process.off('message', onReply).off('exit', onExit)
        settle()
      }
      const onReply = (reply: Reply): void => {
        end(() => {
          if ('error' in reply) reject(new Error(reply.error))
          else resolve(reply.value as Awaited<ReturnType<Known[Name]>>)
        })
      }
      const onExit = (code: number | null): void => end(() => reject(new Error(`it ended with ${code} at ${name}`)))
      const timer = setTimeout(() => end(() => reject(new Error(`no answer to ${name} in a minute`))), TIME_LIMIT_MS)
      this.#process.on('message', onReply).once('exit', onExit)
      this.#process.send({ ask: name, told } satisfies Question)
    })
  }

  /** Stops it where it is, or lets it go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(name)
  }

  /** Ends it, and resolves when it has ended. What it was asked to close, it has closed before. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
        resolve()
        return
      }
      this.#process.once('exit', () => resolve())
      this.#process.kill('SIGKILL')
    })
  }
}

/** Answers the questions of whoever started this process, which ends with it. */
export function answerQuestions(answers: Answers): void {
  process.on('message', async ({ ask, told }: Question) => {
    process.send?.(await answer(answers, ask, told))
  })
  process.on('disconnect', () => process.exit())
}

async function answer(answers: Answers, ask: string, told: unknown): Promise<Reply> {
  try {
    return { value: await answers[ask]?.(told as never) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
