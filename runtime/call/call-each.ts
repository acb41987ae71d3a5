import type { CallAllOptions } from '../api/call.js'
import type { PeerFilter } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { CallSite } from '../traceback/call-site.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { Invoker } from './invoke.js'
import type { Arguments } from './read-arguments.js'
import { CallScope } from './scope/call-scope.js'
import type { Deadlines } from './scope/deadlines.js'
import { findRunningCall } from './scope/running-call.js'
import { checkTimeoutMs } from './scope/timeouts.js'

/** What a call to several peers needs of the one that makes it. */
export interface CallEachOptions {
  readonly invoker: Invoker
  readonly deadlines: Deadlines
  readonly peers: (filter: PeerFilter) => Promise<RemotePeer[]>
  /** Milliseconds, for connections that declare none. */
  readonly timeoutMs: number
  /** How many calls may be under way at once. */
  readonly concurrency: number
}

/** The peers that are to be called. */
export interface EachPeer {
  readonly peers: readonly RemotePeer[]
  /** The caller's. */
  readonly signal: AbortSignal | undefined
  /** Calls one of them, with what is left of the one deadline, until the signal fires. Default: the caller's. */
  call(peer: RemotePeer, signal?: AbortSignal): Promise<unknown>
}

/**
 * Finds the peers that the options mean. Rejects for a time that cannot be, where they cannot be listed, and as a call does where that
 * takes longer than the deadline, or the signal fires meanwhile.
 */
export async function findEach(
  { invoker, deadlines, peers: list, timeoutMs }: CallEachOptions,
  connection: ConnectedConnection,
  { input, options }: Arguments<CallAllOptions>,
  site: CallSite,
): Promise<EachPeer> {
  const { timeoutMs: asked, signal, groups, hubsOnly, has } = options
  const limitMs = asked === undefined ? (connection.descriptor.timeoutMs ?? timeoutMs) : checkTimeoutMs(asked)
  const scope = new CallScope(deadlines, connection.tag, limitMs, signal, findRunningCall())
  const { expiresAtMs } = scope
  const filter = {
    ...(groups !== undefined && { groups }),
    ...(hubsOnly !== undefined && { hubsOnly }),
    ...(has !== undefined && { has }),
  }
  const peers = await scope.race(list(filter)).finally(() => scope.finish())
  return {
    peers,
    signal,
    call: (peer, until = signal) => {
      const callOptions = {
        peer,
        timeoutMs: Math.max(1, Math.floor(expiresAtMs - performance.now())),
        ...(until !== undefined && { signal: until }),
      }
      return invoker.one(
        connection,
        connection.descriptor.input === 'none' ? [callOptions] : [input, callOptions],
        site,
      )
    },
  }
}
