import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What came to a peer since it was last asked. */
export interface Visits {
  /** Each request that was answered, as its method and the status, and each for a WebSocket. */
  readonly requests: readonly string[]
  /** What ran of the handlers. */
  readonly ran: readonly string[]
}

/** A peer in a process of its own, which pages visit. */
export interface Visited {
  readonly port: number
  /** What opens it: pages have it too, so that nothing but where they come from is against them. */
  readonly headers: Readonly<Record<string, string>>
  takeVisits(): Promise<Visits>
  /** Resolves with the exit code of its process. */
  close(): Promise<number | null>
}

/** Starts the peer, which lets pages of these origins call. */
export async function startVisited(registry: string, origins: readonly string[]): Promise<Visited> {
  const env = { ...process.env, NET_REGISTRY: registry, NET_ORIGINS: origins.join(',') }
  const program = fileURLToPath(new URL('./visited-program.ts', import.meta.url))
  const child = fork(program, { execArgv: ['--import', 'tsx'], env })
  const ended = once(child, 'exit')
  const first = await Promise.race([once(child, 'message'), ended.then(() => undefined)])
  if (first === undefined) throw new Error(`the peer's process ended with ${child.exitCode} before it was ready`)
  const [{ port, headers }] = first as [Pick<Visited, 'port' | 'headers'>]
  return {
    port,
    headers,
    takeVisits: async () => {
      const answered = once(child, 'message')
      child.send('take')
      const [visits] = (await answered) as [Visits]
      return visits
    },
    close: async () => {
      child.disconnect()
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}
