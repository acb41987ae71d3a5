import type { Contestant } from './contestant.js'

/** What a contestant is in the comparison: the least there could be, netgen, or another library. */
export type Kind = 'floor' | 'netgen' | 'peer'

/** One line of the list: loaded only in the processes that run it. */
export interface Entry {
  readonly kind: Kind
  readonly load: () => Promise<Contestant>
}

const peer = (load: () => Promise<Contestant>): Entry => ({ kind: 'peer', load })
const floor = (load: () => Promise<Contestant>): Entry => ({ kind: 'floor', load })
const netgen = (load: () => Promise<Contestant>): Entry => ({ kind: 'netgen', load })

/** Every contestant by its name, in the order in which they run. */
export const contestants: ReadonlyMap<string, Entry> = new Map([
  ['tcp', floor(async () => (await import('./contestants/tcp.js')).tcpPerTick)],
  ['netgen', netgen(async () => (await import('./contestants/netgen.js')).netgenSession)],
  ['tcp-per-message', floor(async () => (await import('./contestants/tcp.js')).tcpPerMessage)],
  ['ws', floor(async () => (await import('./contestants/ws.js')).wsPerTick)],
  ['undici-request', floor(async () => (await import('./contestants/undici.js')).undiciRequest)],
  ['netgen-http', netgen(async () => (await import('./contestants/netgen.js')).netgenHttp)],
  ['undici-dispatch', floor(async () => (await import('./contestants/undici.js')).undiciDispatch)],
  ['rpc-websockets', peer(async () => (await import('./contestants/rpc-websockets.js')).rpcWebsockets)],
  ['moleculer', peer(async () => (await import('./contestants/moleculer.js')).moleculerTcp)],
  ['capnweb', peer(async () => (await import('./contestants/capnweb.js')).capnweb)],
  ['orpc-ws', peer(async () => (await import('./contestants/orpc.js')).orpcWs)],
  ['trpc-ws', peer(async () => (await import('./contestants/trpc.js')).trpcWs)],
  ['nats', peer(async () => (await import('./contestants/nats.js')).nats)],
  ['netgen-nats', netgen(async () => (await import('./contestants/netgen-nats.js')).netgenNats)],
  ['moleculer-nats', peer(async () => (await import('./contestants/moleculer.js')).moleculerNats)],
  ['fastify', peer(async () => (await import('./contestants/fastify.js')).fastify)],
  ['trpc-batch', peer(async () => (await import('./contestants/trpc.js')).trpcBatch)],
  ['grpc', peer(async () => (await import('./contestants/grpc.js')).grpc)],
  ['connect', peer(async () => (await import('./contestants/connect.js')).connect)],
  ['hono', peer(async () => (await import('./contestants/hono.js')).hono)],
  ['trpc-http', peer(async () => (await import('./contestants/trpc.js')).trpcHttp)],
  ['orpc-http', peer(async () => (await import('./contestants/orpc.js')).orpcHttp)],
])

/** Loads a contestant. Rejects for a name there is not. */
export async function loadContestant(name: string | undefined): Promise<Contestant> {
  const entry = contestants.get(name ?? '')
  if (entry === undefined) throw new Error(`contestant ${name} is unknown: ${[...contestants.keys()].join(', ')}`)
  return entry.load()
}
