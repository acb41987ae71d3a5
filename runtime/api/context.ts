import type { ContextValues } from './context-values.js'
import type { Peer } from './peer.js'
import type { RemotePeer } from './remote-peer.js'

/** What a handler is given besides the input. */
export interface Context {
  /** The peer that serves this call. */
  readonly peer: Peer
  /** The tag that was called. */
  readonly tag: string
  /** The peer that called; absent when it called itself, or when it did not say who it is. */
  readonly caller?: Pick<RemotePeer, 'id' | 'group'>
  /** Fires when the caller cancelled, is gone, or the deadline passed. */
  readonly signal: AbortSignal
  /** Milliseconds until the deadline, never below 0. */
  readonly timeLeftMs: number
  /** What this peer's interceptors have set for this call. */
  readonly values: ContextValues
}
