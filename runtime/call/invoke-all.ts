import type { PeerResult } from '../api/call.js'
import type { PeerFilter } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { CallSite } from '../traceback/call-site.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { Invoker } from './invoke.js'
import { mapConcurrently } from './map-concurrently.js'
import { readCallAllArguments } from './read-arguments.js'
import { checkTimeoutMs } from './timeouts.js'

/** What a call to all needs of the peer. */
export interface InvokeAllOptions {
  readonly invoker: Invoker
  readonly peers: (filter: PeerFilter) => Promise<RemotePeer[]>
  /** Milliseconds, for connections that declare none. */
  readonly timeoutMs: number
  /** How many calls may be under way at once. */
  readonly concurrency: number
}

/**
 * Calls every other peer that the options mean, under one deadline, and answers with one settled result for each, in the
 * order of `peer.peers()`. Rejects only for arguments that no such call takes, and where the peers cannot be listed.
 */
export async function invokeAll(
  { invoker, peers, timeoutMs, concurrency }: InvokeAllOptions,
  connection: ConnectedConnection,
  args: readonly unknown[],
  site: CallSite,
): Promise<PeerResult<unknown>[]> {
  const { input, options } = invoker.explain(site, () => readCallAllArguments(connection, args))
  const limitMs = invoker.explain(site, () =>
    options.timeoutMs === undefined
      ? (connection.descriptor.timeoutMs ?? timeoutMs)
      : checkTimeoutMs(options.timeoutMs),
  )
  const endsAtMs = performance.now() + limitMs
  const filter = {
    ...(options.groups === undefined ? {} : { groups: options.groups }),
    ...(options.hubsOnly === undefined ? {} : { hubsOnly: options.hubsOnly }),
  }
  const found = await peers(filter).catch((error: unknown) =>
    invoker.explain(site, () => {
      throw error
    }),
  )
  return mapConcurrently(found, concurrency, async (peer): Promise<PeerResult<unknown>> => {
    const callOptions = {
      peer,
      timeoutMs: Math.max(1, Math.floor(endsAtMs - performance.now())),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }
    try {
      return { peer, status: 'fulfilled', value: await invoker.call(connection, input, callOptions, site) }
    } catch (reason) {
      return { peer, status: 'rejected', reason }
    }
  })
}
