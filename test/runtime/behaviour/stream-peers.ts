import type { LogFields, Peer, RemotePeer } from 'netgen/runtime'
import { type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { type Harness, silent } from './harness.js'
import { StreamHandlers } from './stream-handlers.js'

/** Two peers that serve streams, and what both of them log about failing handlers. */
export interface StreamPeers {
  readonly here: Peer
  readonly other: Peer
  readonly there: RemotePeer
  readonly stub: StreamsStub
  readonly local: StreamHandlers
  readonly remote: StreamHandlers
  readonly logged: [message: string, fields: LogFields][]
}

export async function createStreamPeers(harness: Harness): Promise<StreamPeers> {
  const logged: [string, LogFields][] = []
  const log = (message: string, fields: LogFields): void => void logged.push([message, fields])
  const here = await harness.createPeer({ logger: { ...silent, error: log, warn: log } })
  const other = await harness.createPeer({ logger: { ...silent, error: log, warn: log } })
  const local = new StreamHandlers()
  const remote = new StreamHandlers()
  const stub = here.connect(streams, local)
  other.connect(streams, remote)
  const [there] = await here.peers()
  if (there === undefined) throw new Error('expected the other peer to be found')
  return { here, other, there, stub, local, remote, logged }
}

/** All items of a stream. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
