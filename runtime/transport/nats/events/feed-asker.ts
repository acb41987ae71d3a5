import { printAddress } from '../../../api/address.js'
import type { RemotePeer } from '../../../api/remote-peer.js'
import { cleanLine } from '../../../errors/clean-text.js'
import { isErrorCode } from '../../../errors/codes.js'
import { refuse } from '../../../errors/refuse.js'
import type { ErrorRecord } from '../../../wire/error-record.js'
import type { KeptSubscription } from '../../../wire/events.js'
import type { CallerIdentity } from '../../../wire/exchange.js'
import { toObject } from '../../../wire/json-object.js'
import { readKept } from '../../session/events/event-messages.js'
import { explainDown, explainForbidden, explainNobody } from '../calls/explain-loss.js'
import type { Engine } from '../engine.js'
import { readRecord } from '../identity-record.js'
import type { PeerBook } from '../peer-book.js'
import { namePeer } from '../subjects.js'
import { printFailure, printSubscribing, printUnsubscribing } from './subscription-messages.js'

/** How long a publisher may take to answer, in milliseconds. */
const ANSWER_MS = 5_000

/** Who asks whom for what. */
export interface FeedAskerOptions {
  readonly engine: Engine
  readonly book: PeerBook
  readonly subscriber: CallerIdentity
  readonly publisher: RemotePeer
  readonly tag: string
  /** The subscriber's own number of the subscription: larger than those of all before it. */
  readonly feed: number
}

/** Asks a publisher to keep one subscription, and tells it of its end, and of failures. */
export class FeedAsker {
  readonly #options: FeedAskerOptions

  constructor(options: FeedAskerOptions) {
    this.#options = options
  }

  get subscriberId(): string {
    return this.#options.subscriber.id
  }

  /** Resolves with what the publisher answers. Rejects where it refuses, or does not answer: with a refusal. */
  async ask(): Promise<KeptSubscription> {
    const { engine, book, publisher, subscriber, feed, tag } = this.#options
    const subject = namePeer(publisher, 'subscribe')
    const answer = await engine.request(subject, printSubscribing({ subscriber, feed, tag }), ANSWER_MS)
    if (answer === 'nobody') throw explainNobody(publisher, book)
    if (answer === 'refused') throw explainForbidden(publisher, subject)
    if (answer === 'down') throw explainDown(publisher, engine)
    const at = printAddress(publisher)
    if (answer === 'late') throw refuse('deadline_exceeded', `${at} did not answer within ${ANSWER_MS} ms`)
    const record = readRecord(answer)
    const kept = readKept(record)
    if (kept !== undefined) return kept
    const { code, message } = toObject(record?.['error'])
    const reason = typeof message === 'string' ? cleanLine(message) : 'its answer is none'
    throw refuse(isErrorCode(code) ? code : 'unavailable', `${at} keeps no subscription: ${reason}`)
  }

  /** Does nothing while the engine is down. */
  end(): void {
    const { engine, publisher, subscriber, feed } = this.#options
    engine.publish(namePeer(publisher, 'unsubscribe'), printUnsubscribing({ id: subscriber.id, feed }))
  }

  reportFailure(event: number, sequence: number, error: ErrorRecord): void {
    const { engine, publisher, subscriber } = this.#options
    const text = printFailure({ id: subscriber.id, event, sequence, error }, engine.maxBytes)
    engine.publish(namePeer(publisher, 'failure'), text)
  }
}
