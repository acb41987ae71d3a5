import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../fixtures/chain', import.meta.url))

/** What a run of the caller printed, with the addresses 3011, 3012 and 3013 in the folder `/app`, and how it ended. */
export interface ChainRun {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
}

/** Three peers in processes of their own: the first calls the second, the second the third, and the third fails. */
export interface Chain {
  /** Calls the first from a fourth process, which prints the error as asked for. */
  call(how: 'console' | 'format' | 'uncaught'): Promise<ChainRun>
  close(): Promise<void>
}

/** Starts the peers of `fixtures/chain`, from the last to the first. */
export async function startChain(registry: string): Promise<Chain> {
  const env = { ...process.env, NET_REGISTRY: registry, NET_LOG: 'silent' }
  const options = { cwd: folder, execArgv: ['--import', 'tsx'], env }
  const peers: ChildProcess[] = []
  const addresses: string[] = []
  for (let started = 0; started < 3; started++) {
    const peer = fork('peer.ts', addresses.slice(0, 1), options)
    peers.unshift(peer)
    const [address] = (await once(peer, 'message')) as [string]
    addresses.unshift(address)
  }
  return {
    call: async (how) => {
      const caller = fork('main.ts', [addresses[0] ?? '', how], { ...options, stdio: 'pipe' })
      const [stdout, stderr] = [collect(caller.stdout), collect(caller.stderr)]
      const [exitCode] = (await once(caller, 'close')) as [number | null]
      const read = (chunks: readonly string[]): string => normalise(chunks.join(''), addresses)
      return { stdout: read(stdout), stderr: read(stderr), exitCode }
    },
    close: async () => {
      const ended = peers.map((peer) => once(peer, 'exit'))
      for (const peer of peers) peer.disconnect()
      await Promise.all(ended)
    },
  }
}

function collect(stream: NodeJS.ReadableStream | null): string[] {
  const chunks: string[] = []
  stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  return chunks
}

/** Addresses and the folder of the project differ between machines. */
function normalise(text: string, addresses: readonly string[]): string {
  return text
    .replace(/127\.0\.0\.1:\d+/g, (address) => `127.0.0.1:301${addresses.indexOf(address) + 1}`)
    .replaceAll(`${folder}/`, '/app/')
    .trimEnd()
}
