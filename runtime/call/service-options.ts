import type { Logger } from '../api/logger.js'
import type { Peer } from '../api/peer.js'
import type { Connections } from './connections.js'
import type { ErrorPolicy } from './error-policy.js'
import type { IncomingInterceptors } from './interceptors/intercept-incoming.js'
import type { Deadlines } from './scope/deadlines.js'

/** What serving needs of the peer. */
export interface ServiceOptions {
  readonly peer: Peer
  /** The peer in words, for tracebacks. */
  readonly label: () => string
  /** Whether its schemas may still be about to be connected: what is not served then may be, as soon as the call is repeated. */
  readonly isStarting: () => boolean
  readonly connections: Connections
  readonly deadlines: Deadlines
  readonly logger: Logger
  readonly errorPolicy: ErrorPolicy
  /** The longest time that a caller may ask for, in milliseconds. */
  readonly maxTimeoutMs: number
  /** How many calls may be in flight; more are refused with `resource_exhausted`. */
  readonly maxInFlight: number
  /** How the engine is that carries calls; absent: none does. */
  readonly engine?: () => string | undefined
  /** Around the handlers; absent: none. */
  readonly calleeInterceptors?: IncomingInterceptors | undefined
}
