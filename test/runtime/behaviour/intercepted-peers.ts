import type { Interceptor, PeerOptions, RemotePeer } from 'netgen/runtime'
import { type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { type Harness, silent } from './harness.js'
import { StreamHandlers } from './stream-handlers.js'

/** Two peers that serve streams, as the first one has them. */
export interface InterceptedPeers {
  readonly stub: StreamsStub
  readonly there: RemotePeer
  /** The handlers of the other peer. */
  readonly remote: StreamHandlers
}

/** Starts two peers with these options. */
export async function startPeers(
  harness: Harness,
  mine: PeerOptions,
  theirs: PeerOptions = {},
): Promise<InterceptedPeers> {
  const here = await harness.createPeer({ logger: silent, ...mine })
  const other = await harness.createPeer({ logger: silent, ...theirs })
  const remote = new StreamHandlers()
  const stub = here.connect(streams, new StreamHandlers())
  other.connect(streams, remote)
  const [there] = await here.peers()
  if (there === undefined) throw new Error('expected the other peer to be found')
  return { stub, there, remote }
}

/** The same with an interceptor at one side of the calls from the first to the other. */
export function startPeersWith(
  harness: Harness,
  side: 'caller' | 'callee',
  interceptor: Interceptor,
): Promise<InterceptedPeers> {
  const options = { interceptors: { [side]: [interceptor] } }
  return side === 'caller' ? startPeers(harness, options) : startPeers(harness, {}, options)
}

/** An interceptor that does something with each item of the output, and notes when they are over. */
export function mapOutput(seen: unknown[], map: (item: number) => unknown): Interceptor {
  return async (call, next) => {
    const output = (await next()) as AsyncIterable<number>
    return mapItems(output, map, () => seen.push(`${call.side} is over`))
  }
}

/** The same with each item of the input. */
export function mapInput(seen: unknown[], map: (item: number) => unknown): Interceptor {
  return (call, next) => {
    const input = call.input as AsyncIterable<number>
    return next({ input: mapItems(input, map, () => seen.push(`${call.side} has read`)) })
  }
}

async function* mapItems(
  items: AsyncIterable<number>,
  map: (item: number) => unknown,
  onEnd: () => void,
): AsyncGenerator<unknown> {
  try {
    for await (const item of items) yield map(item)
  } finally {
    onEnd()
  }
}
