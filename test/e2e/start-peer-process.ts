import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A peer that runs in a process of its own. */
export interface PeerProcess {
  readonly process: ChildProcess
  readonly id: string
  /** When it was ready, in milliseconds since 1970. */
  readonly readyAtMs: number
  /** Waits for the next thing that the peer tells. */
  next(event: string): Promise<void>
  /** Lets the peer close; resolves with the exit code of its process, which nobody ended. */
  leave(): Promise<number | null>
  kill(): Promise<void>
}

/** Starts a peer in a process of its own, in the registry that is given. */
export async function startPeerProcess(registry: string, env: Record<string, string> = {}): Promise<PeerProcess> {
  const path = fileURLToPath(new URL('./peer-process.ts', import.meta.url))
  const child = fork(path, { execArgv: ['--import', 'tsx'], env: { ...process.env, NET_REGISTRY: registry, ...env } })
  const ended = once(child, 'exit')
  const first = await Promise.race([once(child, 'message'), ended.then(() => undefined)])
  if (first === undefined) throw new Error(`the peer's process ended with ${child.exitCode} before it was ready`)
  const [message] = first as [{ id: string; atMs: number }]
  return {
    process: child,
    id: message.id,
    readyAtMs: message.atMs,
    next: async (event) => {
      const [told] = (await once(child, 'message')) as [{ event: string }]
      if (told.event !== event) throw new Error(`expected ${event}, the peer told ${told.event}`)
    },
    leave: async () => {
      child.disconnect()
      const [code] = (await ended) as [number | null]
      return code
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
