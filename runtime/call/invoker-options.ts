import type { Interceptor, OutgoingCall } from '../api/interceptor.js'
import type { Logger } from '../api/logger.js'
import type { Peer } from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { ReceivedAnswer, Receiver, WireCall } from '../wire/exchange.js'
import type { ReceivedStream, WireStreamCall } from '../wire/streams.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { Connections } from './connections.js'
import type { FlagHandlers } from './flags/flag-handlers.js'
import type { IncomingInterceptors } from './interceptors/intercept-incoming.js'
import type { CallScope } from './scope/call-scope.js'
import type { Deadlines } from './scope/deadlines.js'

/** What calling needs of the peer. */
export interface InvokerOptions {
  readonly peer: Peer
  readonly connections: Connections
  readonly flags: FlagHandlers
  /** This peer, as others see it. */
  readonly self: () => RemotePeer
  readonly deadlines: Deadlines
  readonly logger: Logger
  /**
   * Read at each call, in milliseconds: how long one may take whose connection does not say; and how long those that failed are
   * repeated, where the call does not say.
   */
  readonly tuning: { readonly timeoutMs: number; readonly retryMs: number }
  /** Local calls take the way of remote ones: encoded, limited, decoded. */
  readonly strictLocal: boolean
  /** Whether the line that calls is captured, as long as the budget lasts; else V8's record of who awaits has to do. */
  readonly callSites: boolean
  /** Finds the peer that is meant; at once where it was given. Throws, or rejects with, `not_found` or `unavailable`. */
  readonly resolve: (
    target: unknown,
    connection: ConnectedConnection,
    scope: CallScope,
  ) => RemotePeer | Promise<RemotePeer>
  /** Carries a call to a peer; to this one where none is given. */
  readonly carry: (peer: RemotePeer | undefined, call: WireCall, scope: CallScope) => Promise<ReceivedAnswer>
  /** Carries a call to another peer with one promise, which the receiver settles; undefined where it cannot leave at once. */
  readonly carryAtOnce: (
    peer: RemotePeer,
    call: WireCall,
    scope: CallScope,
    receiver: Receiver,
  ) => Promise<unknown> | undefined
  /** The same as `carry` for a call with a stream. */
  readonly carryStream: (
    peer: RemotePeer | undefined,
    call: WireStreamCall,
    scope: CallScope,
  ) => ReceivedStream | Promise<ReceivedStream>
  /** A peer in words. */
  readonly label: (peer: RemotePeer | undefined) => string
  /** Around the calls that are made; absent: none. */
  readonly callerInterceptors?: readonly Interceptor<OutgoingCall>[] | undefined
  /** Around the handlers of this peer; absent: none. */
  readonly calleeInterceptors?: IncomingInterceptors | undefined
}
