import type { ContextValues } from './context-values.js'
import type { FlagDescriptor } from './flag.js'
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
  /**
   * Ends the call with a flag: what that means is for the caller to say, by `peer.onFlag`. It throws, so that nothing behind it runs
   * (`return ctx.flag(…)` tells the compiler too); a handler that catches everything has to let it through. How much callers may
   * know of errors does not apply to it: the flag and its data reach whoever called.
   */
  flag<Data>(flag: FlagDescriptor<Data>, data: Data): never
  flag(flag: FlagDescriptor<void>): never
  /** What this peer's interceptors have set for this call. */
  readonly values: ContextValues
}
