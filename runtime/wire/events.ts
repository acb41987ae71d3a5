import type { ErrorRecord } from './error-record.js'
import type { CallerIdentity } from './exchange.js'
import type { SharedLines } from './shared-lines.js'

/** An event that arrived. */
export interface ArrivedEvent {
  /** Which one it is of its event and publisher, from 1 on. */
  readonly sequence: number
  /** When it was emitted, by the publisher's clock: milliseconds since 1970. */
  readonly emittedAtMs: number
  /** Not checked yet; null where the event has none. */
  readonly payload: unknown
}

/** What a publisher answers to a subscription, also whenever it is renewed. */
export interface KeptSubscription {
  /** The publisher's own number of the event, the same for all of its subscribers: what its messages begin with. */
  readonly event: number
  /** The last one that went before: whichever has not arrived by now, up to it, never will. */
  readonly sequence: number
  /** For how long the publisher keeps it unless it is renewed, in milliseconds. */
  readonly leaseMs: number
}

/** What a subscriber hears of one subscription to one event of one publisher. */
export interface FeedListener {
  /** The publisher keeps the subscription. What follows is behind it; some of that may have come already, as its sequence tells. */
  onKept(kept: KeptSubscription): void
  /** `length` is its part of its line, in UTF-16 units. */
  onEvent(event: ArrivedEvent, length: number): void
  /** What carries the subscription will end soon, in order: there may be another way by now. */
  onLeaving(): void
  /** The subscription has ended, or was refused; nothing follows. Not called where it was closed here. */
  onEnd(error: Error): void
}

/** A subscription to one event of one publisher, while something carries it. */
export interface Feed {
  /** Tells the publisher that it is still wanted: `onKept` follows. Does nothing where what carries it takes nothing new. */
  renew(): void
  /** Tells the publisher that a subscriber failed at one of its events. */
  reportFailure(sequence: number, error: ErrorRecord): void
  /** Ends it: nothing is heard of it any more. */
  close(): void
}

/** What events leave by: to one subscriber, or to several at once, who all get the same. */
export interface EventWay {
  /** Who reads there, for the log. */
  readonly reader: string
  /** How much may be sent at once, in bytes, except for an event that is longer by itself. Absent: that is not limited. */
  readonly maxBytes?: number
  /** Sends lines of the event with this tag, which others may be sent too. Answers whether they have left: where not, nobody gets them. */
  send(lines: SharedLines, tag: string): boolean
  /** Whether so much waits to leave already that nothing should be added; then `resume` is called when it has left, or never will. */
  isCongested(resume: () => void): boolean
}

/** One subscriber: over a session, an engine, or in memory. */
export interface EventSink {
  /** Who is there, as it says and its token confirms. */
  readonly subscriber: CallerIdentity
  /** How events get there: the same object for all who share it. */
  readonly way: EventWay
  /** A subscription was not renewed, and has ended. `event` is the publisher's number of it. */
  onLapse(event: number): void
}

/** How long a payload may be, in bytes of JSON, and who says so. */
export interface PayloadLimit {
  readonly maxBytes: number
  /** How a sentence goes on that says how long one is: who takes no longer ones, and what to do. */
  readonly explanation: string
}

/** What hands out the events of a peer, to whatever brings subscriptions. */
export interface PublishedEvents {
  /** Has longer payloads refused from now on, whoever is subscribed: what carries them takes none. */
  limit(limit: PayloadLimit): void
  /** Keeps a subscription, or renews it. Throws `resource_exhausted` where the way has too many of them. */
  keep(sink: EventSink, tag: string): KeptSubscription
  /** Ends one. Does nothing where there is none. */
  drop(sink: EventSink, event: number): void
  /** A way has ended, and all of its subscriptions with it. */
  end(sink: EventSink): void
  /** A subscriber failed at an event that it got. */
  takeFailure(sink: EventSink, event: number, sequence: number, error: ErrorRecord): void
}
