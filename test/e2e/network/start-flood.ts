import { fork } from 'node:child_process'
import { once } from 'node:events'
import { bundleProgram } from '../bundle-program.js'
import type { FloodTask } from './flood-program.js'
import type { Host } from './host.js'

/** Has a stranger on a host announce invented peers to all; answers, a second later, how to end that. */
export async function startFlood(host: Host, task: FloodTask): Promise<() => Promise<void>> {
  const program = await bundleProgram(new URL('./flood-program.ts', import.meta.url))
  const child = fork(program, [JSON.stringify(task)], {
    execPath: 'ip',
    execArgv: ['netns', 'exec', host.namespace, process.execPath],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`the flood ended with ${code}`))),
  ])
  return async () => {
    child.kill('SIGKILL')
    await ended
  }
}
