import type { CallAllOptions, PeerResult } from '../api/call.js'
import type { PeerFilter } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { CallSite } from '../traceback/call-site.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { Invoker } from './invoke.js'
import { mapConcurrently } from './map-concurrently.js'
import { type Arguments, readCallAllArguments } from './read-arguments.js'
import { checkTimeoutMs } from './scope/timeouts.js'

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
  options: InvokeAllOptions,
  connection: ConnectedConnection,
  args: readonly unknown[],
  site: CallSite,
): Promise<PeerResult<unknown>[]> {
  try {
    return await callAll(options, connection, readCallAllArguments(connection, args), site)
  } catch (thrown) {
    throw options.invoker.explain(thrown, site)
  }
}

async function callAll(
  { invoker, peers, timeoutMs, concurrency }: InvokeAllOptions,
  connection: ConnectedConnection,
  { input, options }: Arguments<CallAllOptions>,
  site: CallSite,
): Promise<PeerResult<unknown>[]> {
  const limitMs =
    options.timeoutMs === undefined ? (connection.descriptor.timeoutMs ?? timeoutMs) : checkTimeoutMs(options.timeoutMs)
  const endsAtMs = performance.now() + limitMs
  const found = await peers({
    ...(options.groups === undefined ? {} : { groups: options.groups }),
    ...(options.hubsOnly === undefined ? {} : { hubsOnly: options.hubsOnly }),
  })
  return mapConcurrently(found, concurrency, async (peer): Promise<PeerResult<unknown>> => {
    const callOptions = {
      peer,
      timeoutMs: Math.max(1, Math.floor(endsAtMs - performance.now())),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }
    const args = connection.descriptor.input === 'none' ? [callOptions] : [input, callOptions]
    try {
      return { peer, status: 'fulfilled', value: await invoker.one(connection, args, site) }
    } catch (reason) {
      return { peer, status: 'rejected', reason }
    }
  })
}
