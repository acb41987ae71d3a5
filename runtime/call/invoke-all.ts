import type { PeerResult } from '../api/call.js'
import type { CallSite } from '../traceback/call-site.js'
import { type CallEachOptions, findEach } from './call-each.js'
import type { ConnectedConnection } from './connected-connection.js'
import { mapConcurrently } from './map-concurrently.js'
import { readCallAllArguments } from './read-arguments.js'

/**
 * Calls every other peer that the options mean, under one deadline, and answers with one settled result for each, in the
 * order of `peer.peers()`. Rejects only for arguments that no such call takes, and where the peers cannot be listed, or not in time.
 */
export async function invokeAll(
  options: CallEachOptions,
  connection: ConnectedConnection,
  args: readonly unknown[],
  site: CallSite,
): Promise<PeerResult<unknown>[]> {
  try {
    const { peers, call } = await findEach(options, connection, readCallAllArguments(connection, args), site)
    return await mapConcurrently(peers, options.concurrency, async (peer): Promise<PeerResult<unknown>> => {
      try {
        return { peer, status: 'fulfilled', value: await call(peer) }
      } catch (reason) {
        return { peer, status: 'rejected', reason }
      }
    })
  } catch (thrown) {
    throw options.invoker.explain(thrown, site)
  }
}
