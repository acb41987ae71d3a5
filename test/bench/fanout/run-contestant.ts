import { join } from 'node:path'
import { type Answers, Child } from '../measure/child.js'
import { measureVolleys, type Pair, type VolleyResult } from './measure-volleys.js'
import type { PublisherAnswers, Volley } from './publisher-process.js'
import type { SubscribersAnswers } from './subscribers-process.js'

/** What one round of one contestant gave. */
export interface Round {
  readonly wire: string
  readonly checks: string
  readonly subscribers: number
  readonly volleys: readonly VolleyResult[]
}

/** What to measure. */
export interface Plan {
  readonly kinds: readonly Volley[]
  /** How many volleys of each kind. */
  readonly volleys: number
}

const PUBLISHER_PROCESSOR = 0
const SUBSCRIBERS_PROCESSOR = 1
const WARM_UP_VOLLEYS = 4

/** A measurement is made again where something else took more than this of a processor. The calmest one counts. */
const MAX_FOREIGN = 0.3
const MAX_TRIES = 3

/** Runs one contestant once: a fresh publisher's process, a fresh subscribers' process. Rejects where either of them fails. */
export async function runContestant(name: string, { kinds, volleys }: Plan): Promise<Round> {
  const publisher = start<PublisherAnswers>('publisher-process.js', name, PUBLISHER_PROCESSOR)
  const subscribers = start<SubscribersAnswers>('subscribers-process.js', name, SUBSCRIBERS_PROCESSOR)
  try {
    const { address, wire, checks, subscribers: count } = await publisher.ask('describe')
    await subscribers.ask('subscribe', { address, count })
    const pair = { publisher, subscribers, count }
    const results: VolleyResult[] = []
    for (const kind of kinds) {
      await measureVolleys(pair, kind, WARM_UP_VOLLEYS)
      results.push(await measureCalmly(pair, kind, volleys))
    }
    await publisher.ask('close')
    return { wire, checks, subscribers: count, volleys: results }
  } finally {
    await Promise.all([publisher.stop(), subscribers.stop()])
  }
}

/** How long the others take before and while one subscriber of a hundred is stopped, as a ratio. */
export async function runStopped(name: string, kind: Volley, volleys: number): Promise<number> {
  const publisher = start<PublisherAnswers>('publisher-process.js', name, PUBLISHER_PROCESSOR)
  const others = start<SubscribersAnswers>('subscribers-process.js', name, SUBSCRIBERS_PROCESSOR)
  const stopped = start<SubscribersAnswers>('subscribers-process.js', name, SUBSCRIBERS_PROCESSOR)
  try {
    const { address, subscribers: count } = await publisher.ask('describe')
    await others.ask('subscribe', { address, count: count - 1 })
    await stopped.ask('subscribe', { address, count: 1 })
    const pair = { publisher, subscribers: others, count: count - 1 }
    await measureVolleys(pair, kind, WARM_UP_VOLLEYS)
    const before = await measureCalmly(pair, kind, volleys)
    stopped.signal('SIGSTOP')
    const during = await measureCalmly(pair, kind, volleys)
    return before.perSecond / during.perSecond
  } finally {
    stopped.signal('SIGCONT')
    await Promise.all([publisher.stop(), others.stop(), stopped.stop()])
  }
}

function start<Known extends Answers>(script: string, name: string, processor: number): Child<Known> {
  return new Child<Known>(join(import.meta.dirname, script), [name], processor)
}

async function measureCalmly(pair: Pair, kind: Volley, volleys: number): Promise<VolleyResult> {
  let calmest = await measureVolleys(pair, kind, volleys)
  for (let tries = 1; tries < MAX_TRIES && calmest.foreign > MAX_FOREIGN; tries++) {
    const again = await measureVolleys(pair, kind, volleys)
    if (again.foreign < calmest.foreign) calmest = again
  }
  return calmest
}
