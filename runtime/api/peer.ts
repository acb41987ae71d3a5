import type { Serving } from './any-peer.js'
import type { PeerTarget } from './call.js'
import type { ConnectionDescriptor, Descriptor } from './descriptor.js'
import type { DurableSubscription } from './durable-event.js'
import type { DisclosureRule, MapError } from './error-options.js'
import type { Subscription } from './event.js'
import type { FlagDescriptor, FlagHandler } from './flag.js'
import type { LogLevel } from './logger.js'
import type { RemotePeer } from './remote-peer.js'

/** Which peers are meant. */
export interface PeerFilter {
  /** One group or several, matched whole. Default: the peer's own. */
  readonly groups?: string | readonly string[]
  /** Only hubs. Default: false. */
  readonly hubsOnly?: boolean
  /** Only peers at this host name or address. Default: any. */
  readonly onHost?: string
  /**
   * Only peers that serve this, all of it, compatibly: by now, with equal digests. They are asked, once each; who does not answer
   * within a second serves nothing. Default: any.
   */
  readonly has?: Serving
  /** Probe each of them now, however recently it was seen. Default: false. */
  readonly refresh?: boolean
}

/** Which peers are followed. */
export type WatchFilter = Omit<PeerFilter, 'refresh'>

/** How to follow peers. */
export interface WatchOptions {
  /** Ends it. */
  readonly signal?: AbortSignal
}

/** What has become of a peer. */
export interface PeerChange {
  /**
   * `joined`: it is there, and has proved itself. `suspect`: nothing is heard of it. `changed`: it is heard again, or it is
   * reached at another address. `left`: it said goodbye, or is certainly or by its silence gone; it never comes back under this
   * id, unless only the way to it was broken.
   */
  readonly type: 'joined' | 'changed' | 'suspect' | 'left'
  readonly peer: RemotePeer
}

/** How to close a peer. */
export interface CloseOptions {
  /** How long what is being served may take to end, in milliseconds; 0 ends it at once. Default: the peer's own. */
  readonly drainMs?: number
}

/** What says where a peer is, and what it is marked as. */
export interface PeerDescription extends Pick<RemotePeer, 'group' | 'host' | 'port' | 'hub'> {
  /** How its engine is: `up`, or `down since` and when; absent where it has none. */
  readonly engine?: string
}

/** How to ask whether a peer is there. */
export interface PingOptions {
  /** How long its answer may take, in milliseconds. Default: 1,000. */
  readonly timeoutMs?: number
}

/** A peer that is there. */
export interface Ping {
  readonly peer: RemotePeer
  /** How long its answer took, in milliseconds; 0 for this peer itself. */
  readonly roundTripMs: number
}

/** What of a peer's options may change while it runs, from the next call on. All else is as it was when it was made. */
export interface PeerChanges {
  readonly timeoutMs?: number
  readonly retryMs?: number
  readonly drainMs?: number
  readonly disclosure?: DisclosureRule
  readonly mapError?: MapError
  /** The least level that netgen's own logger writes. Refused where the peer was given a logger, which has levels of its own. */
  readonly logLevel?: LogLevel
}

/** One running runtime: it serves, calls, and knows the others. Several may live in one process. */
export interface Peer extends AsyncDisposable {
  /** Random; another one at every start. */
  readonly id: string
  readonly host: string
  readonly port: number
  readonly group: string
  readonly hub: boolean
  /** The ports that it takes the first free one of, in their order. Empty where it has none, as in memory. */
  readonly ports: readonly number[]
  /** What it answers, netgen's own connections among it, by tag. A copy: what is done to it changes nothing. */
  readonly connections: ReadonlyMap<string, ConnectionDescriptor>
  /** Its own subscriptions, by the tag of the event. A copy too. */
  readonly subscriptions: ReadonlyMap<string, readonly (Subscription | DurableSubscription)[]>
  /** The flags that it knows, of connected schemas and by `onFlag`, by tag. A copy too. */
  readonly flags: ReadonlyMap<string, FlagDescriptor>
  /**
   * How many answers to calls of its own it has dropped, since they came when the call had ended: at its deadline, or canceled. Over
   * HTTP there are none: a call that ends takes its connection with it.
   */
  readonly lateAnswers: number
  /**
   * Connects a generated schema: the stub's functions call its connections, and with `handlers` this peer answers them.
   *
   * Throws `already_exists` where handlers were connected before, or a tag is served by another schema; `invalid_argument` where a
   * handler is missing, or is for an event; and `failed_precondition` for a durable event where there is no engine.
   */
  connect<Stub, Handlers>(descriptor: Descriptor<Stub, Handlers>, handlers?: NoInfer<Handlers>): Stub
  /**
   * Says what a flag means to the calls of this peer that end with it: what the handler answers is what they answer, and what it
   * throws is what they throw. Without one they throw a `FlagError`. Disposing of what it gives takes the handler away.
   *
   * Throws `already_exists` where the flag has a handler.
   */
  onFlag<Data>(flag: FlagDescriptor<Data>, handler: FlagHandler<Data>): Disposable
  /** What `peer.toString()`, and Node where it prints the peer, show beside what it serves: `<netgen.Peer h:127.0.0.1 p:3010 g:notes c:6 s:0 f:2>`. */
  describe(): PeerDescription
  /**
   * Asks a peer whether it is there, and has it prove who it is. Rejects with `unavailable` or `deadline_exceeded` where it is not,
   * with `not_found` for an id that nobody has.
   */
  ping(target: PeerTarget, options?: PingOptions): Promise<Ping>
  /**
   * Begins to listen, where it was made with `listen: false`. Rejects as `createPeer` does; called again, it answers the same.
   */
  listen(): Promise<void>
  /** Changes options. Throws `invalid_argument` for what cannot change, or is no such value; then nothing has changed. */
  configure(changes: PeerChanges): void
  /** The others that are alive now, in the order in which they started. */
  peers(filter?: PeerFilter): Promise<RemotePeer[]>
  /**
   * Follows the others: first those join who are there, then every change is told as it happens, until the loop is left, the signal
   * fires or this peer is closed. What happens to a peer before it is read is told as one change, so that a slow reader misses
   * nothing and holds no more than the peers there are. Throws `invalid_argument` for a filter that none is.
   */
  watch(filter?: WatchFilter, options?: WatchOptions): AsyncIterableIterator<PeerChange>
  /**
   * Leaves the registry, refuses new calls with `unavailable`, lets those end that are being served, and ends when nothing of
   * this peer is open any more. Its own calls go on for as long as something is served. Called again, it can only end sooner.
   */
  close(options?: CloseOptions): Promise<void>
}
