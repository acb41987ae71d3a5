import type { Logger } from '../../api/logger.js'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { EventSink, EventWay, KeptSubscription, PayloadLimit, PublishedEvents } from '../../wire/events.js'
import { MAX_SESSION_SUBSCRIPTIONS } from '../../wire/limits.js'
import { MAX_REPORTS_PER_SECOND, RateLimits } from '../rate-limits.js'
import { EventOutlet } from './event-outlet.js'
import type { OpenEmission } from './open-emission.js'
import { reviveFailure } from './revive-failure.js'
import { Subscriber } from './subscriber.js'
import { TickBatch } from './tick-batch.js'
import { BEATS_PER_LEASE, type Channel, type Taker, Topic } from './topic.js'

/** How to make a {@link Publisher}. */
export interface PublisherOptions {
  readonly logger: Logger
  /** For how long a subscription holds that is not renewed, in milliseconds. Default: 30,000. */
  readonly leaseMs?: number
}

const LEASE_MS = 30_000

/** Hands out what this peer emits: each payload is written once, for all subscribers. */
export class Publisher implements PublishedEvents {
  readonly #options: PublisherOptions
  readonly #leaseMs: number
  readonly #batch = new TickBatch()
  readonly #channels = new Map<string, Channel>()
  /** By tag: those that somebody has subscribed to. */
  readonly #topics = new Map<string, Topic>()
  readonly #topicsByNumber = new Map<number, Topic>()
  readonly #subscribers = new Map<EventSink, Subscriber>()
  readonly #outlets = new WeakMap<EventWay, EventOutlet>()
  /** Of the reports of failures, by the id of the subscriber: each is logged, and handed to the application's hooks. They outlast subscriptions. */
  readonly #failures = new RateLimits(MAX_REPORTS_PER_SECOND)
  #limit: PayloadLimit | undefined
  #lastNumber = 0
  #beats: NodeJS.Timeout | undefined

  constructor(options: PublisherOptions) {
    this.#options = options
    this.#leaseMs = options.leaseMs ?? LEASE_MS
  }

  /** The channel of an event, which may go under several tags. Whoever has subscribed to one of them before is on it. */
  open(event: Pick<Channel, 'tags' | 'digest' | 'onFailure'>): Channel {
    const channel: Channel = { ...event, sequence: 0, topics: [] }
    for (const tag of event.tags) {
      if (this.#channels.has(tag)) continue
      this.#channels.set(tag, channel)
      this.#topics.get(tag)?.join(channel)
    }
    return channel
  }

  limit(limit: PayloadLimit): void {
    this.#limit = limit
  }

  /**
   * Hands a payload, JSON text, to all subscribers: with all that this tick emits, as soon as it is over. Throws `resource_exhausted` where
   * it is longer than what carries it takes.
   */
  publish(channel: Channel, payload: string, emission: OpenEmission): void {
    if (this.#limit !== undefined) refuseLonger(channel, payload, this.#limit)
    const sequence = ++channel.sequence
    const { tags, topics } = channel
    emission.begin(topics.length)
    if (topics.length === 0) this.#options.logger.debug('an event has no subscribers', { tag: tags[0], sequence })
    for (const topic of topics) {
      const { number: event } = topic
      this.#batch.add({ topic, event, sequence, emittedAtMs: Date.now(), payload, length: payload.length, emission })
    }
  }

  keep(sink: EventSink, tag: string): KeptSubscription {
    const subscriber = this.#subscribers.get(sink) ?? new Subscriber(sink, this.#findOutlet(sink.way))
    if (subscriber.topics.size >= MAX_SESSION_SUBSCRIPTIONS) this.#refuseMore(subscriber, tag)
    this.#subscribers.set(sink, subscriber)
    // What was emitted before the subscription is not for it; and what is already on its way to it goes before its renewal.
    this.#batch.flush()
    const topic = this.#findTopic(tag)
    const isNew = !subscriber.topics.has(topic)
    topic.keep(subscriber)
    this.#beats ??= setInterval(() => this.#beat(), this.#leaseMs / BEATS_PER_LEASE).unref()
    // What waits where it shares the way with others is not for a new one.
    const waiting = isNew ? undefined : subscriber.outlet.findWaiting(topic)
    const sequence = waiting === undefined ? (topic.channel?.sequence ?? 0) : waiting.sequence - 1
    return { event: topic.number, sequence, leaseMs: this.#leaseMs }
  }

  drop(sink: EventSink, event: number): void {
    const subscriber = this.#subscribers.get(sink)
    const topic = this.#topicsByNumber.get(event)
    if (subscriber === undefined || topic === undefined) return
    this.#forget(subscriber, topic)
    if (subscriber.topics.size === 0) this.#subscribers.delete(sink)
  }

  end(sink: EventSink): void {
    const subscriber = this.#subscribers.get(sink)
    if (subscriber === undefined) return
    this.#subscribers.delete(sink)
    for (const topic of [...subscriber.topics]) this.#forget(subscriber, topic)
  }

  takeFailure(sink: EventSink, event: number, sequence: number, error: ErrorRecord): void {
    const subscriber = this.#subscribers.get(sink)
    const topic = this.#topicsByNumber.get(event)
    // It may have crossed the end of the subscription.
    if (subscriber === undefined || topic?.channel === undefined || !subscriber.topics.has(topic)) return
    const { subscriber: from } = sink
    if (!this.#failures.take(from.id)) return
    const { digest, onFailure } = topic.channel
    onFailure({ subscriber: from, sequence, error: reviveFailure(error, from, { tag: topic.tag, digest }) })
  }

  /** Hands out what was emitted; nothing more is kept. */
  close(): void {
    this.#batch.flush()
    clearInterval(this.#beats)
    for (const sink of [...this.#subscribers.keys()]) this.end(sink)
  }

  /** A renewal is no further one. */
  #refuseMore({ topics }: Subscriber, tag: string): void {
    const topic = this.#topics.get(tag)
    if (topic !== undefined && topics.has(topic)) return
    throw refuse(
      'resource_exhausted',
      `subscription to ${printValue(tag)} is refused: one session has ${MAX_SESSION_SUBSCRIPTIONS}, which is the limit`,
    )
  }

  #findOutlet(way: EventWay): EventOutlet {
    const known = this.#outlets.get(way)
    if (known !== undefined) return known
    const outlet = new EventOutlet(way, this.#options.logger)
    this.#outlets.set(way, outlet)
    return outlet
  }

  #findTopic(tag: string): Topic {
    const known = this.#topics.get(tag)
    if (known !== undefined) return known
    const topic = new Topic(tag, ++this.#lastNumber, this.#channels.get(tag))
    this.#topics.set(tag, topic)
    this.#topicsByNumber.set(topic.number, topic)
    return topic
  }

  #forget(taker: Taker, topic: Topic): void {
    topic.drop(taker)
    if (topic.size > 0) return
    // Whatever tags others name: none of them is kept for ever.
    this.#batch.flush()
    topic.leave()
    this.#topics.delete(topic.tag)
    this.#topicsByNumber.delete(topic.number)
  }

  #beat(): void {
    for (const topic of [...this.#topics.values()]) {
      for (const taker of topic.beat()) {
        this.#options.logger.debug('a subscription has lapsed', { tag: topic.tag, subscriber: taker.id })
        this.#forget(taker, topic)
        taker.lapse(topic)
      }
    }
    for (const [sink, { topics }] of this.#subscribers) if (topics.size === 0) this.#subscribers.delete(sink)
    if (this.#subscribers.size > 0) return
    clearInterval(this.#beats)
    this.#beats = undefined
  }
}

function refuseLonger({ tags: [tag] }: Channel, payload: string, { maxBytes, explanation }: PayloadLimit): void {
  // UTF-8 has at most three bytes for each unit of UTF-16: most texts need no counting.
  if (payload.length * 3 <= maxBytes) return
  const bytes = Buffer.byteLength(payload)
  if (bytes <= maxBytes) return
  throw refuse('resource_exhausted', `payload of ${tag} has ${bytes} bytes of JSON, ${explanation}`)
}
