import { printValue } from '../../../errors/print-value.js'
import { refuse } from '../../../errors/refuse.js'
import type { EventSink, EventWay, KeptSubscription, PublishedEvents } from '../../../wire/events.js'
import type { CallerIdentity } from '../../../wire/exchange.js'
import { MAX_ENGINE_SUBSCRIBERS, MAX_ENGINE_SUBSCRIPTIONS, MAX_SESSION_SUBSCRIPTIONS } from '../../../wire/limits.js'
import type { Subscribing, ToldFailure, Unsubscribing } from './subscription-messages.js'

/** A subscription of a peer. */
interface ServedFeed {
  /** The publisher's number of the event. */
  readonly event: number
  /** The peer's own number of the subscription: the last, where it was lost and asked for again. */
  readonly feed: number
}

/** A peer that is subscribed, and to what, by tag. */
interface Member {
  readonly sink: EventSink
  readonly feeds: Map<string, ServedFeed>
}

/** The subscriptions of others to the events of one peer, which all leave by one way. */
export class ServedSubscriptions {
  readonly #source: PublishedEvents
  readonly #way: EventWay
  /** By the id of the peer. */
  readonly #members = new Map<string, Member>()
  /** By tag: how many peers are subscribed to it. */
  readonly #counts = new Map<string, number>()
  /** How many subscriptions there are, of all peers. */
  #size = 0
  #isLeaving = false

  constructor(source: PublishedEvents, way: EventWay) {
    this.#source = source
    this.#way = way
  }

  /** The events to which anybody is subscribed. */
  get tags(): Iterable<string> {
    return this.#counts.keys()
  }

  /** The ids of the peers that are subscribed to anything. */
  get peers(): readonly string[] {
    return [...this.#members.keys()]
  }

  /** Keeps or renews a subscription. Throws `unavailable` for a new one while this peer ends, and `resource_exhausted` past a limit. */
  keep({ subscriber, feed, tag }: Subscribing): KeptSubscription {
    const member = this.#members.get(subscriber.id) ?? this.#createMember(subscriber)
    const known = member.feeds.get(tag)
    if (known === undefined) this.#refuseMore(tag, member)
    const kept = this.#source.keep(member.sink, tag)
    this.#members.set(subscriber.id, member)
    if (known === undefined) this.#count(tag, 1)
    // What ends one that was lost may come behind what asks for it again.
    member.feeds.set(tag, { event: kept.event, feed: Math.max(feed, known?.feed ?? feed) })
    return kept
  }

  drop({ id, feed }: Unsubscribing): void {
    const member = this.#members.get(id)
    if (member === undefined) return
    const event = this.#remove(member, (kept) => kept.feed === feed)
    if (event !== undefined) this.#source.drop(member.sink, event)
  }

  takeFailure({ id, event, sequence, error }: ToldFailure): void {
    const member = this.#members.get(id)
    if (member !== undefined) this.#source.takeFailure(member.sink, event, sequence, error)
  }

  /** Ends all subscriptions of a peer, and answers to which events they were. */
  forget(id: string): string[] {
    const member = this.#members.get(id)
    if (member === undefined) return []
    this.#members.delete(id)
    this.#source.end(member.sink)
    const tags = [...member.feeds.keys()]
    for (const tag of tags) this.#count(tag, -1)
    return tags
  }

  /** Keeps nothing new. */
  leave(): void {
    this.#isLeaving = true
  }

  #refuseMore(tag: string, { feeds }: Member): void {
    if (this.#isLeaving) throw refuse('unavailable', 'the peer is closing')
    const subject = `subscription to ${printValue(tag)} is refused`
    if (feeds.size >= MAX_SESSION_SUBSCRIPTIONS)
      throw refuse('resource_exhausted', `${subject}: one peer has ${MAX_SESSION_SUBSCRIPTIONS}, which is the limit`)
    if (feeds.size === 0 && this.#members.size >= MAX_ENGINE_SUBSCRIBERS)
      throw refuse(
        'resource_exhausted',
        `${subject}: ${MAX_ENGINE_SUBSCRIBERS} peers are subscribed, which is the limit`,
      )
    if (this.#size >= MAX_ENGINE_SUBSCRIPTIONS)
      throw refuse(
        'resource_exhausted',
        `${subject}: all peers together have ${MAX_ENGINE_SUBSCRIPTIONS}, which is the limit`,
      )
  }

  #count(tag: string, more: 1 | -1): void {
    const count = (this.#counts.get(tag) ?? 0) + more
    if (count > 0) this.#counts.set(tag, count)
    else this.#counts.delete(tag)
    this.#size += more
  }

  /** Removes the subscription of a peer that fits, and answers to which event it was. */
  #remove({ sink, feeds }: Member, fits: (kept: ServedFeed) => boolean): number | undefined {
    for (const [tag, kept] of feeds) {
      if (!fits(kept)) continue
      feeds.delete(tag)
      this.#count(tag, -1)
      if (feeds.size === 0) this.#members.delete(sink.subscriber.id)
      return kept.event
    }
    return undefined
  }

  #createMember(subscriber: CallerIdentity): Member {
    const onLapse = (lapsed: number): void => void this.#remove(member, ({ event }) => event === lapsed)
    const member: Member = { sink: { subscriber, way: this.#way, onLapse }, feeds: new Map() }
    return member
  }
}
