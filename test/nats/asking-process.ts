import { fork } from 'node:child_process'
import { once } from 'node:events'
import { bundleProgram } from '../e2e/bundle-program.js'
import type { Asked, Told } from './asking-program.js'

/** A peer in a process of its own that answers calls, or makes them without a pause. */
export interface AskingProcess {
  readonly id: string
  /** The calls that have ended since it was asked last. */
  read(): Promise<readonly Asked[]>
  kill(): Promise<void>
}

/** Starts one, whose environment names the engine; in a network namespace where one is named. With `ASKS=1` it makes calls. */
export async function startAsking(env: Record<string, string>, namespace?: string): Promise<AskingProcess> {
  const program = await bundleProgram(new URL('./asking-program.ts', import.meta.url))
  const child = fork(program, {
    ...(namespace !== undefined && { execPath: 'ip', execArgv: ['netns', 'exec', namespace, process.execPath] }),
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const next = async (): Promise<Told> => {
    const told = await Promise.race([once(child, 'message'), ended.then(([code]) => Number(code))])
    if (!Array.isArray(told)) throw new Error(`the process ended with ${told}`)
    return told[0] as Told
  }
  const first = await next()
  if (first.type !== 'ready') throw new Error('the process told of calls before it was ready')
  return {
    id: first.id,
    read: async () => {
      const answer = next()
      child.send('read')
      const told = await answer
      return told.type === 'asked' ? told.calls : []
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
