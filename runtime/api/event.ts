import type { PeerTarget } from './call.js'
import type { RemotePeer } from './remote-peer.js'

/** What is known of a payload that arrived, besides itself. */
export interface Delivery {
  /** The peer that emitted it. */
  readonly peer: RemotePeer
  /** The publisher's own count of what it emitted of this event, which goes up by one each time. */
  readonly sequence: number
  /** When it was emitted, by the publisher's clock: milliseconds since 1970 in UTC. */
  readonly emittedAtMs: number
}

/** A payload that arrived, as the iterable form of `subscribe` gives it. */
export interface Delivered<Payload> extends Delivery {
  readonly payload: Payload
}

/** Payloads that did not arrive: they were dropped because this subscriber was too slow, or lost with a connection. */
export interface Gap {
  /** The peer that emitted them. */
  readonly peer: RemotePeer
  /** How many, 1 or more. */
  readonly missed: number
  /** The count of the first that is missing. */
  readonly from: number
}

/** A subscriber elsewhere failed at a payload that it had got. */
export interface DeliveryFailure {
  readonly subscriber: Pick<RemotePeer, 'id' | 'group'>
  /** The publisher's count of the payload. */
  readonly sequence: number
  /** What its handler threw, as far as this peer may know, with the lines of the subscriber in its stack. */
  readonly error: Error
}

/** What became of one payload that was emitted. */
export interface EmissionResult {
  /**
   * Subscribers that have it: it was sent to those elsewhere, and handed over to those here, whatever their handlers make of it. Over an
   * engine, which hands it to all of them, it is those who were known to be subscribed then.
   */
  readonly delivered: number
  /** Subscribers that were gone before it was sent to them, or could not be reached since the engine was down. */
  readonly failed: number
  /** Subscribers whose queue was so full that an older payload, or this one, was dropped. */
  readonly dropped: number
}

/**
 * One emission. Nobody has to wait for it: it never ends the process by an unhandled rejection. Awaited, it settles when each
 * subscriber of that moment has the payload, or will not get it.
 */
export interface Emission extends PromiseLike<EmissionResult> {}

/** Whom a subscription listens to, and for how long. */
export interface SubscribeOptions {
  /** One group or several, matched whole. Default: the peer's own. */
  readonly groups?: string | readonly string[]
  /** Only hubs. Default: false. */
  readonly hubsOnly?: boolean
  /** Only peers at this host name or address. Default: any. */
  readonly onHost?: string
  /** These peers alone, whatever their groups. Default: all that the others let through. */
  readonly peers?: readonly PeerTarget[]
  /** Whether this peer's own emissions are heard too. Default: false. */
  readonly self?: boolean
  /** Closes the subscription. */
  readonly signal?: AbortSignal
  /** Told of what did not arrive, before what comes next is handed over. Default: logged as a warning. */
  readonly onGap?: (gap: Gap) => void
}

/** A subscription: it also reaches peers that appear, return or move later, until it is closed. */
export interface Subscription extends AsyncDisposable {
  /** The peers that send to it now. */
  readonly peers: readonly RemotePeer[]
  /** Takes it back everywhere, and waits for nobody: resolves at once. The handler is not called any more from the moment of the call. */
  close(): Promise<void>
}

/** Handles what arrives, one payload after the other. What it throws is logged, and the next one comes. */
export type EventHandler<Payload> = (payload: Payload, delivery: Delivery) => unknown

/** An event on a stub. Its `Payload` is `void` where the event has none: `emit()` then takes nothing. */
export interface EventStub<Payload> {
  /**
   * Queues a payload for every subscriber, and returns at once. Never throws: the emission rejects, with `invalid_argument` where the
   * payload is not what the schema declares, and with `resource_exhausted` where it has over 1 MiB, or more than an engine takes in one
   * message; then nothing was sent. Where nobody waits for the emission, that is logged.
   */
  emit(payload: Payload): Emission
  /** Subscribes with a handler. Resolves when the peers that are there now have been asked. */
  subscribe(handler: EventHandler<Payload>, options?: SubscribeOptions): Promise<Subscription>
  /** Subscribes from the first `next()` on; `return()`, and leaving `for await`, close the subscription. */
  subscribe(options?: SubscribeOptions): AsyncIterableIterator<Delivered<Payload>>
  /**
   * Prepares what this peer emits: each payload goes through every hook, in the order in which they were added. Disposing of what
   * it gives takes the hook away.
   */
  beforeEmit(hook: (payload: Payload) => Payload | Promise<Payload>): Disposable
  /**
   * Told of subscribers that fail: each reports ten failures in a second at most, and all of them are in its own log. They are logged
   * here in any case. Disposing of what it gives takes the hook away.
   */
  onDeliveryFailure(hook: (failure: DeliveryFailure) => void): Disposable
}
