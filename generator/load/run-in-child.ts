import { type ChildProcess, spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { Answer, Task } from './answer.js'

/** How a run ended: with an answer, or with no answer. */
export type ChildOutcome =
  | Answer
  | { readonly outcome: 'timed-out' }
  | { readonly outcome: 'ended'; readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }

/**
 * Runs a program, which comes to a new Node process through its standard input, with the schema's folder as working directory.
 * Nothing of it is written to the disk. What it prints to its standard output goes to this process's standard error.
 *
 * Ends the process as soon as it answered, whatever it left open, and at the latest after `timeoutMs`.
 */
export function runInChild(program: string, task: Task, timeoutMs: number): Promise<ChildOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-'], {
      cwd: dirname(task.file),
      stdio: ['pipe', 2, 'inherit', 'ipc'],
      // Unlike JSON it keeps cycles, and that two places hold the same object.
      serialization: 'advanced',
    })
    killWithThisProcess(child)
    let outcome: ChildOutcome | undefined
    const timer = setTimeout(() => {
      outcome ??= { outcome: 'timed-out' }
      child.kill('SIGKILL')
    }, timeoutMs)

    child.once('message', (answer) => {
      outcome ??= answer as Answer
      child.kill('SIGKILL')
    })
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer)
      running.delete(child)
      resolve(outcome ?? { outcome: 'ended', exitCode, signal })
    })
    child.once('error', reject)
    // A child that ends at once closes its end of both pipes; `close` says what there is to say.
    child.stdin?.on('error', () => undefined).end(program)
    child.send(task, () => undefined)
  })
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
