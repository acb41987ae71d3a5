import type { Address } from '../api/address.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { CallScope } from '../call/scope/call-scope.js'
import type { Feed, FeedListener, PublishedEvents } from '../wire/events.js'
import type { ReceivedAnswer, Receiver, Serve, WireCall } from '../wire/exchange.js'
import type { ArrivedStreamCall, ReceivedStream, ServedStream, StreamSides, WireStreamCall } from '../wire/streams.js'

/** The peer that a transport serves for, without its address, which only listening finds. */
export type Identity = Pick<RemotePeer, 'id' | 'group' | 'hub'>

/** A schema that is connected; equal digests mean equal wire formats. */
export interface SchemaDigest {
  readonly name: string
  readonly digest: string
}

/** What a transport hands arrived calls to. */
export interface Answerer {
  readonly serve: Serve
  serveStream(call: ArrivedStreamCall): ServedStream
  /** Which sides of what answers a tag are streams; undefined where none is, and where nothing answers it. */
  sides(tag: string): StreamSides | undefined
  /** Whether a tag or an alias is answered here. */
  serves(tag: string): boolean
  /** Calls the listener with each tag and alias that is answered here, now and later. */
  followServed(listener: (tag: string) => void): void
  /** Whether it runs as many calls as it may: whatever is served now is refused before its input is looked at. */
  readonly isFull: boolean
  /** Those of the connections that are answered here, each once. */
  readonly tags: readonly string[]
  /** What is connected here. */
  readonly schemas: Iterable<SchemaDigest>
  /** As the transport's own. */
  readonly engine?: string | undefined
}

/** Is told what a transport notices of other peers, besides their calls. */
export interface Witness {
  /** What was open between a peer and this one takes no more calls: it is going away, or may be gone. */
  lost(peerId: string): void
}

/** Carries calls between peers. Everything above it is the same for all of them. */
export interface Transport {
  /** Tells a witness from now on. To be called once, before `listen`. Absent: nothing stays open between peers. */
  observe?(witness: Witness): void
  /** How many answers came that nobody waited for any more. Absent: none can. */
  readonly lateAnswers?: number
  /** How the engine is that carries the calls: `up`, or `down since` and when. Absent: none does. */
  readonly engine?: string | undefined
  /** Begins to answer, and to hand out events. Rejects with `unavailable` where nothing can be bound, naming what was tried. */
  listen(identity: Identity, answerer: Answerer, events: PublishedEvents): Promise<Address>
  /**
   * Asks who is behind an address, and has it prove that it may be told anything; of a peer, who it is said to be is a hint. Rejects with `unavailable` where nobody
   * answers and `unauthenticated` where the proof is missing or wrong; nothing secret was sent then.
   */
  identify(address: Address | RemotePeer, timeoutMs: number): Promise<RemotePeer>
  /**
   * Carries one call. The scope ends it early, and is marked just before the call may reach a handler. Rejects only for
   * what the transport itself found; what the callee found is an answer.
   */
  call(peer: RemotePeer, call: WireCall, scope: CallScope): Promise<ReceivedAnswer>
  /**
   * The same for a call that can leave at once, with a single promise, which the receiver settles; undefined where something has to
   * be awaited first. Throws as `call` rejects.
   */
  callAtOnce?(peer: RemotePeer, call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> | undefined
  /**
   * Carries one call with a stream. The scope ends it early; whoever leaves it stops the scope. Throws, or rejects, where it cannot
   * even begin.
   */
  stream(peer: RemotePeer, call: WireStreamCall, scope: CallScope): ReceivedStream | Promise<ReceivedStream>
  /**
   * Subscribes to an event of a peer, which the listener hears of from then on. The scope limits how long a way there may take to open.
   * Throws, or rejects, where there is none: with `unimplemented` where there never is.
   */
  subscribe(peer: RemotePeer, tag: string, listener: FeedListener, scope: CallScope): Feed | Promise<Feed>
  /**
   * The ids of the peers from whom something came over what is open with them, since this was last asked. Absent: nothing stays open
   * between peers.
   */
  takeHeard?(): readonly string[]
  /**
   * A peer is gone, as nothing was heard of it: what is open between it and this one ends now, calls in flight with `unavailable`, since
   * the connection itself may not say so for minutes. Absent: nothing stays open between peers.
   */
  abandon?(peer: RemotePeer): void
  /**
   * Takes no more of the calls that any peer of the group may answer. Resolves when those that were on their way to this one have come, and
   * have had their turn: they are still to be answered. Absent: there are none.
   */
  withdraw?(): Promise<void>
  /** Lets nobody new in, and tells who is connected that this peer is going away. What is in flight goes on, both ways. */
  leave(): void
  /**
   * Ends what is open: this peer's own calls with `unavailable`, and whoever still waits for an answer finds the connection
   * lost. Answers that were given leave before, for up to a second; where `isDrained`, all of them were.
   */
  close(isDrained?: boolean): Promise<void>
}
