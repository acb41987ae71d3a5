import type { AnyPeer, Serving } from './any-peer.js'
import type { RemotePeer } from './remote-peer.js'

/** Where a call goes: a peer from `peer.peers()`, a peer's id, or `host:port`. */
export type PeerTarget = RemotePeer | string

/** The same for a call, which may also leave the choice to `any()`. */
export type CallTarget = PeerTarget | AnyPeer

/** What one call may say about itself. It never travels with the input. */
export interface CallOptions {
  /** Where to run it. Left out: here. `null` and `undefined` are errors, since a silent local run hides a mistake. */
  readonly peer?: CallTarget
  /**
   * How long it may take, in milliseconds; with a stream, to its end. Default: the connection's, then the peer's, then 30,000, of
   * which the last two are for each wait where there is a stream.
   */
  readonly timeoutMs?: number
  /**
   * How long it is repeated after it failed where that is safe, within its time, in milliseconds; 0: not at all. Default: the
   * peer's, then 2,000. What did not run may be repeated, and of idempotent connections what was lost.
   */
  readonly retryMs?: number
  /** Cancels the call; the handler's `ctx.signal` follows. */
  readonly signal?: AbortSignal
  /**
   * For a call that a handler makes: it has its own time, and goes on where the handler's call ends early. Default: false; it has
   * what is left of the handler's time at most, and is canceled with it.
   */
  readonly detached?: boolean
}

/** What a call to all peers may say. */
export interface CallAllOptions {
  /** One group or several, matched whole. Default: the caller's own. */
  readonly groups?: string | readonly string[]
  /** Only hubs. Default: false. */
  readonly hubsOnly?: boolean
  /** Only peers that serve this, as for `peer.peers()`. Default: any. */
  readonly has?: Serving
  /** One deadline for all of them, in milliseconds. Default: as for one call. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** What a call that several peers have to answer may say. */
export interface CallQuorumOptions extends CallAllOptions {
  /** How many of them. */
  readonly count: number
}

/** What one peer answered to a call to all. */
export type PeerResult<Output> =
  | { readonly peer: RemotePeer; readonly status: 'fulfilled'; readonly value: Output }
  | { readonly peer: RemotePeer; readonly status: 'rejected'; readonly reason: unknown }

/** What one peer answered to a call to all that none may fail. */
export interface PeerValue<Output> {
  readonly peer: RemotePeer
  readonly value: Output
}

// Call signatures that are function types, without comments of their own: editors then go to the stub's member, and show its text.
type Run<Input, Output> = (input: Input, options?: CallOptions) => Promise<Output>
type RunWithoutInput<Output> = (options?: CallOptions) => Promise<Output>

/** A connection's function at the caller. Called, it runs here, or with `{ peer }` there. */
export interface Call<Input, Output> extends Run<Input, Output> {
  /** Runs on every other peer of the group; never throws for a peer's failure: each gets a settled result. */
  all(input: Input, options?: CallAllOptions): Promise<PeerResult<Output>[]>
  /** The same, but throws one `AggregateError` where a peer failed: it names the peers, and has `results` with all that came. */
  allOrThrow(input: Input, options?: CallAllOptions): Promise<PeerValue<Output>[]>
  /**
   * Runs on every other peer of the group, and answers with the first that succeeds; the others are canceled. Throws an
   * `AggregateError` like `allOrThrow` where all fail, and `unavailable` where nobody is there.
   */
  first(input: Input, options?: CallAllOptions): Promise<PeerValue<Output>>
  /** The same with the first `count` that succeed, in their order; throws as soon as so many cannot succeed any more. */
  quorum(input: Input, options: CallQuorumOptions): Promise<PeerValue<Output>[]>
}

/** The same for a connection that takes no input. */
export interface CallWithoutInput<Output> extends RunWithoutInput<Output> {
  /** Runs on every other peer of the group; never throws for a peer's failure: each gets a settled result. */
  all(options?: CallAllOptions): Promise<PeerResult<Output>[]>
  /** The same, but throws one `AggregateError` where a peer failed: it names the peers, and has `results` with all that came. */
  allOrThrow(options?: CallAllOptions): Promise<PeerValue<Output>[]>
  /**
   * Runs on every other peer of the group, and answers with the first that succeeds; the others are canceled. Throws an
   * `AggregateError` like `allOrThrow` where all fail, and `unavailable` where nobody is there.
   */
  first(options?: CallAllOptions): Promise<PeerValue<Output>>
  /** The same with the first `count` that succeed, in their order; throws as soon as so many cannot succeed any more. */
  quorum(options: CallQuorumOptions): Promise<PeerValue<Output>[]>
}
