import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A peer that serves nothing, in a process that starts quickly. Times are in milliseconds since 1970. */
export interface BarePeer {
  readonly process: ChildProcess
  readonly id: string
  readonly readyAtMs: number
  /** Lets the peer close; when it began to. */
  leave(): Promise<number>
  /** Ends the process with a signal that it cannot catch; when. */
  kill(): Promise<number>
}

/** Plain JavaScript, on what was built: a loader of TypeScript would take longer to start than the peer. */
const PROGRAM = `
import { createPeer } from 'netgen/runtime'
const peer = await createPeer()
process.send({ id: peer.id, atMs: Date.now() })
process.once('message', async () => {
  process.send({ atMs: Date.now() })
  await peer.close()
  process.disconnect()
})
`

/** Starts a peer in the registry that is given. */
export async function startBarePeer(registry: string, env: Record<string, string> = {}): Promise<BarePeer> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, NET_REGISTRY: registry, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const [{ id, atMs }] = (await once(child, 'message')) as [{ id: string; atMs: number }]
  return {
    process: child,
    id,
    readyAtMs: atMs,
    leave: async () => {
      const told = once(child, 'message') as Promise<[{ atMs: number }]>
      child.send('leave')
      const [{ atMs: leftAtMs }] = await told
      return leftAtMs
    },
    kill: async () => {
      const killedAtMs = Date.now()
      child.kill('SIGKILL')
      await ended
      return killedAtMs
    },
  }
}
