import type { RemotePeer } from './remote-peer.js'

/** How a durable event is emitted. */
export interface EmitOptions {
  /**
   * Names the emission: of two with the same id within two minutes one is stored. 1 to 128 characters of `A-Za-z0-9_.:-`. Default: one
   * of its own, which repeats of netgen's keep.
   */
  readonly id?: string
}

/** A durable event that the engine has stored. */
export interface StoredEvent {
  readonly id: string
  /** The engine's count of all that the group has stored. */
  readonly sequence: number
  /** Whether one with this id had been stored before: this one was not. */
  readonly isDuplicate: boolean
}

/** Where a subscription begins that is new: with what comes, with all there is, at a time, or at a sequence. */
export type DurableStart = 'new' | 'all' | Date | { readonly sequence: number }

/** How a durable event is subscribed to. */
export interface DurableSubscribeOptions {
  /**
   * Which subscription it is: the engine keeps its place under this name. Those of one name share the work, in whatever process;
   * different names get everything each. 1 to 64 characters of `A-Za-z0-9_-`.
   */
  readonly name: string
  /** Where it begins if the engine does not know it yet; later it goes on where it was. Default: `new`. */
  readonly from?: DurableStart
  /**
   * One event at a time, of all processes together, in the order of their sequences: one that fails holds up what follows until it is
   * handled, or a dead letter. Default: false.
   */
  readonly ordered?: boolean
  /** How many events this peer handles at once. Not together with `ordered`. Default: 1. */
  readonly concurrency?: number
  /** How often one event is handed over before it is a dead letter: 1 or more, `Infinity` for no end. Default: 5. */
  readonly maxDeliveries?: number
  /** How long an event rests that failed for the first time, in milliseconds; twice as long each time after, 5 minutes at most. Default: 1,000. */
  readonly backoffMs?: number
  /**
   * After how long another process gets the events of one that is silent, in milliseconds, 1,000 or more: a handler may take longer, as
   * its peer says meanwhile that it is at work. The same for all of one name. Default: 10,000.
   */
  readonly silenceMs?: number
  /** Closes the subscription. */
  readonly signal?: AbortSignal
  /** Told of each event that this peer gives up, once it is stored as a dead letter. It is logged in any case. */
  readonly onDeadLetter?: (letter: DeadLetter) => void
}

/** What is known of a durable event that arrived, besides its payload. */
export interface DurableDelivery {
  /** The emission's id. */
  readonly id: string
  /** The engine's count of all that the group has stored: it goes up, and not by one each time. */
  readonly sequence: number
  /** When it was stored, by the engine's clock: milliseconds since 1970 in UTC. */
  readonly storedAtMs: number
  /** How often it has been handed over under this name, with this time: 1 for the first. */
  readonly deliveries: number
  /** The peer that emitted it, by its own account; undefined for what another client of the engine has published. */
  readonly publisher: Pick<RemotePeer, 'id' | 'group'> | undefined
}

/** A durable event that arrived, as the iterable form of `subscribe` gives it. */
export interface DurableDelivered<Payload> extends DurableDelivery {
  readonly payload: Payload
}

/** An event that was handed over as often as it may be, and never handled. */
export interface DeadLetter extends DurableDelivery {
  /** As JSON has it: it may be what the schema does not allow. */
  readonly payload: unknown
  /** What the last attempt failed with. */
  readonly error: unknown
}

/** A subscription to a durable event. Closed, or its process killed, it keeps its place at the engine. */
export interface DurableSubscription extends AsyncDisposable {
  readonly name: string
  /**
   * Takes no more; resolves when the handlers that run have ended and the engine knows of it. What had arrived besides goes back at once, to
   * whoever has the same name.
   */
  close(): Promise<void>
  /** Closes it, and has the engine forget it, with its place: what it has not handled it will never get. */
  forget(): Promise<void>
}

/**
 * Handles a durable event, which is done when what this answers has resolved. What it throws is logged, and the event comes again. Events
 * come at least once: after a failure of this process or the engine some come twice, with the same id.
 */
export type DurableEventHandler<Payload> = (payload: Payload, delivery: DurableDelivery) => unknown

/** A durable event on a stub. Its `Payload` is `void` where the event has none: `emit()` then takes nothing. */
export interface DurableEventStub<Payload> {
  /**
   * Stores a payload at the engine, and resolves when that has acknowledged it. Rejects with `invalid_argument` where the payload is not
   * what the schema declares; `resource_exhausted` where it is larger than the engine takes, or the group's store is full; `unavailable`
   * where the engine is down, or does not answer within 20 s: with `maybeExecuted` it may be stored, and can be emitted again with the same
   * id; `failed_precondition` where the engine stores nothing, or the peer does not listen; and `permission_denied`.
   */
  emit(payload: Payload, options?: EmitOptions): Promise<StoredEvent>
  /**
   * Subscribes with a handler. Resolves when the engine knows of it: whatever is stored from then on arrives. Rejects as `emit` does, and
   * with `failed_precondition` where the engine knows the name with other options.
   */
  subscribe(handler: DurableEventHandler<Payload>, options: DurableSubscribeOptions): Promise<DurableSubscription>
  /**
   * Subscribes from the first `next()` on. An event is done when the next is asked for; the one at which `for await` is left goes back, and
   * comes again. Not with `concurrency`.
   */
  subscribe(options: DurableSubscribeOptions): AsyncIterableIterator<DurableDelivered<Payload>>
  /** Has the engine forget a subscription that nobody has open, with its place. Resolves with whether it knew it. */
  forget(name: string): Promise<boolean>
  /**
   * Prepares what this peer emits: each payload goes through every hook, in the order in which they were added. Disposing of what
   * it gives takes the hook away.
   */
  beforeEmit(hook: (payload: Payload) => Payload | Promise<Payload>): Disposable
}
