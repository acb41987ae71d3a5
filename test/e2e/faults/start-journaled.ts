import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { bundleProgram } from '../bundle-program.js'

/** Where a server listens, and what it writes down. */
export interface JournaledPlace {
  readonly registry: string
  readonly port: number
  /** The file to which it adds a line for each call that runs. */
  readonly journal: string
}

/** Starts a server in a process of its own. Resolves when it can be called. */
export async function startJournaled({ registry, port, journal }: JournaledPlace): Promise<ChildProcess> {
  const program = await bundleProgram(new URL('./journaled-server.ts', import.meta.url))
  const server = fork(program, { env: { ...process.env, NET_REGISTRY: registry, JOURNAL: journal, PORT: `${port}` } })
  await once(server, 'message')
  return server
}

/** How often each call ran, by its id. */
export async function readJournal(journal: string): Promise<Map<string, number>> {
  const runs = new Map<string, number>()
  for (const id of (await readFile(journal, 'utf8')).split('\n')) runs.set(id, (runs.get(id) ?? 0) + 1)
  return runs
}
