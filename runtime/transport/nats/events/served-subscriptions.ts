import { printValue } from '../../../errors/print-value.js'
import { refuse } from '../../../errors/refuse.js'
import type { EventSink, EventWay, KeptSubscription, PublishedEvents } from '../../../wire/events.js'
import type { CallerIdentity } from '../../../wire/exchange.js'
import { MAX_ENGINE_SUBSCRIBERS, MAX_SESSION_SUBSCRIPTIONS } from '../../../wire/limits.js'
import type { Subscribing, ToldFailure, Unsubscribing } from './subscription-messages.js'

/** A peer that is subscribed, and to what, by its own numbers of its subscriptions. */
interface Member {
  readonly sink: EventSink
  readonly feeds: Map<number, { readonly event: number; readonly tag: string }>
}

/** The subscriptions of others to the events of one peer, which all leave by one way. */
export class ServedSubscriptions {
  readonly #source: PublishedEvents
  readonly #way: EventWay
  /** By the id of the peer. */
  readonly #members = new Map<string, Member>()
  #isLeaving = false

  constructor(source: PublishedEvents, way: EventWay) {
    this.#source = source
    this.#way = way
  }

  /** The events to which anybody is subscribed. */
  get tags(): ReadonlySet<string> {
    return new Set([...this.#members.values()].flatMap(({ feeds }) => [...feeds.values()].map(({ tag }) => tag)))
  }

  /** The ids of the peers that are subscribed to anything. */
  get peers(): readonly string[] {
    return [...this.#members.keys()]
  }

  /** Keeps or renews a subscription. Throws `unavailable` for a new one while this peer ends, and `resource_exhausted` past a limit. */
  keep({ subscriber, feed, tag }: Subscribing): KeptSubscription {
    const member = this.#members.get(subscriber.id) ?? this.#createMember(subscriber)
    if (!member.feeds.has(feed)) this.#refuseMore(tag, member)
    const kept = this.#source.keep(member.sink, tag)
    this.#members.set(subscriber.id, member)
    member.feeds.set(feed, { event: kept.event, tag })
    return kept
  }

  drop({ id, feed }: Unsubscribing): void {
    const member = this.#members.get(id)
    const dropped = member?.feeds.get(feed)
    if (member === undefined || dropped === undefined) return
    member.feeds.delete(feed)
    const isWanted = [...member.feeds.values()].some(({ event }) => event === dropped.event)
    if (!isWanted) this.#source.drop(member.sink, dropped.event)
    if (member.feeds.size === 0) this.#members.delete(id)
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
    return [...member.feeds.values()].map(({ tag }) => tag)
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
  }

  #createMember(subscriber: CallerIdentity): Member {
    const feeds: Member['feeds'] = new Map()
    const onLapse = (lapsed: number): void => {
      for (const [feed, { event }] of feeds) if (event === lapsed) feeds.delete(feed)
      if (feeds.size === 0) this.#members.delete(subscriber.id)
    }
    return { sink: { subscriber, way: this.#way, onLapse }, feeds }
  }
}
