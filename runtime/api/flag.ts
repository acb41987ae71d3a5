import type { FlagChecks } from '../validation/validate.js'
import type { RemotePeer } from './remote-peer.js'

/** One flag, as generated code describes and exports it. `Data` is `void` where the flag has none. */
export interface FlagDescriptor<Data = unknown> {
  readonly name: string
  readonly tag: string
  readonly data: 'none' | 'value'
  /** Equal digests mean equal wire formats. */
  readonly digest: string
  readonly load: () => Promise<FlagChecks>
  /** For the type checker only. */
  readonly '~data'?: Data
}

/** The call that ended with a flag. */
export interface FlaggedCall {
  /** The tag of the connection that was called. */
  readonly tag: string
  /** The peer whose handler ended it; this one's own for a local call. */
  readonly peer: RemotePeer
}

/**
 * What a flag means at the caller: what it answers is what the call answers, once it is checked against the connection's output, and
 * what it throws is what the call throws.
 */
export type FlagHandler<Data> = (data: Data, call: FlaggedCall) => unknown
