import type { Contestant } from './contestant.js'

/** Every contestant by its name, in the order in which they run; loaded only in the processes that run it. */
export const contestants: ReadonlyMap<string, () => Promise<Contestant>> = new Map([
  ['ws', async () => (await import('./contestants/ws.js')).wsPerEvent],
  ['netgen', async () => (await import('./contestants/netgen.js')).netgen],
  ['ws-tick', async () => (await import('./contestants/ws.js')).wsPerTick],
  ['socket.io', async () => (await import('./contestants/socket-io.js')).socketIo],
  ['trpc', async () => (await import('./contestants/trpc.js')).trpc],
  ['orpc', async () => (await import('./contestants/orpc.js')).orpc],
  ['netgen-nats', async () => (await import('./contestants/netgen-nats.js')).netgenNats],
  ['nats', async () => (await import('./contestants/nats.js')).nats],
  ['moleculer', async () => (await import('./contestants/moleculer.js')).moleculerTcp],
])

/** Loads a contestant. Rejects for a name there is not. */
export async function loadContestant(name: string | undefined): Promise<Contestant> {
  const load = contestants.get(name ?? '')
  if (load === undefined) throw new Error(`contestant ${name} is unknown: ${[...contestants.keys()].join(', ')}`)
  return load()
}
