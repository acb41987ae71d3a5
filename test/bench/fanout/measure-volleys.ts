import type { Child } from '../measure/child.js'
import { countForeign, readBusyMicros } from '../measure/foreign-load.js'
import { findMedian } from '../measure/rounds.js'
import type { PublisherAnswers, Volley } from './publisher-process.js'
import type { SubscribersAnswers } from './subscribers-process.js'

/** What was measured of many volleys. Microseconds are of a processor, for one event at one subscriber. */
export interface VolleyResult extends Volley {
  /** Events that arrived, at all subscribers together: the median of the volleys. */
  readonly perSecond: number
  readonly publisherMicros: number
  readonly subscriberMicros: number
  readonly brokerMicros: number
  /** How many processors something else kept busy meanwhile. */
  readonly foreign: number
}

/** The two processes of a contestant. */
export interface Pair {
  readonly publisher: Child<PublisherAnswers>
  readonly subscribers: Child<SubscribersAnswers>
  /** How many subscribers are counted. */
  readonly count: number
}

/** Publishes volleys one after the other, each when the one before has arrived everywhere. */
export async function measureVolleys(pair: Pair, volley: Volley, volleys: number): Promise<VolleyResult> {
  const { publisher, subscribers, count } = pair
  const before = { publisher: await publisher.ask('usage'), subscribers: await subscribers.ask('usage') }
  const busyMicros = readBusyMicros()
  const startMs = performance.now()
  const rates: number[] = []
  for (let index = 0; index < volleys; index++) {
    const expected = volley.events * count
    await subscribers.ask('expect', expected)
    const [endedAtMs, startedAtMs] = await Promise.all([subscribers.ask('arrived'), publisher.ask('publish', volley)])
    rates.push((expected / (endedAtMs - startedAtMs)) * 1_000)
  }
  const tookMs = performance.now() - startMs
  const foreignAndOwn = readBusyMicros() - busyMicros
  const after = { publisher: await publisher.ask('usage'), subscribers: await subscribers.ask('usage') }
  const publisherMicros = after.publisher.ownMicros - before.publisher.ownMicros
  const brokerMicros = after.publisher.brokerMicros - before.publisher.brokerMicros
  const subscriberMicros = after.subscribers - before.subscribers
  const deliveries = volley.events * count * volleys
  return {
    ...volley,
    perSecond: findMedian(rates),
    publisherMicros: publisherMicros / deliveries,
    subscriberMicros: subscriberMicros / deliveries,
    brokerMicros: brokerMicros / deliveries,
    foreign: countForeign(foreignAndOwn, publisherMicros + brokerMicros + subscriberMicros, tookMs),
  }
}
