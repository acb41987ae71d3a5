import { refuse } from '../../../errors/refuse.js'
import type { ErrorRecord } from '../../../wire/error-record.js'
import type { Feed, FeedListener } from '../../../wire/events.js'
import type { ReceivedAnswer } from '../../../wire/exchange.js'
import { handOutEvents, type ReadEvents } from '../../../wire/read-events.js'
import { writeCancel } from '../message.js'
import type { Outlet } from '../outlet.js'
import { readKept, writeFailure, writeSubscribe } from './event-messages.js'

/** What a publisher answers: it keeps the subscription, or does not. */
export type FeedAnswer = Exclude<ReceivedAnswer, { readonly flag: object }>

/** What feeds need of their session. */
export interface FeedsHost {
  readonly outlet: Pick<Outlet, 'write'>
  readonly takeNextId: () => number
  readonly onMistake: (reason: string) => void
  /** A feed has ended. */
  readonly onEnd: () => void
}

/** The subscriptions of this side of a session to events of the other's. */
export class OwnFeeds {
  readonly #host: FeedsHost
  /** By the id of the message that waits for its answer. */
  readonly #asked = new Map<number, SessionFeed>()
  /** By the publisher's number of the event. */
  readonly #kept = new Map<number, SessionFeed>()
  readonly #all = new Set<SessionFeed>()
  /** The session takes nothing new. */
  #isLeaving = false

  constructor(host: FeedsHost) {
    this.#host = host
  }

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  /** Whether a subscription waits for its answer under this id. */
  hasAsked(id: number): boolean {
    return this.#asked.has(id)
  }

  /** Whether there is a subscription to the event of this number. */
  hasKept(event: number): boolean {
    return this.#kept.has(event)
  }

  open(tag: string, listener: FeedListener): Feed {
    const feed = new SessionFeed(tag, listener, {
      renew: () => {
        if (!this.#isLeaving) this.#ask(feed)
      },
      write: (line) => this.#host.outlet.write(line),
      remove: () => {
        this.#remove(feed)
        this.#host.onEnd()
      },
    })
    this.#all.add(feed)
    this.#ask(feed)
    return feed
  }

  /** Answers false where nobody has asked under this id. */
  settle(id: number, answer: FeedAnswer): boolean {
    const feed = this.#asked.get(id)
    if (feed === undefined) return false
    this.#asked.delete(id)
    if (!answer.ok) {
      this.#remove(feed)
      feed.listener.onEnd(refuse(answer.error.code, answer.error.message))
      this.#host.onEnd()
      return true
    }
    const kept = readKept(answer.value)
    if (kept === undefined) {
      this.#host.onMistake(`${id} is no answer to a subscription`)
      return true
    }
    this.#forgetNumber(feed)
    feed.event = kept.event
    this.#kept.set(kept.event, feed)
    feed.listener.onKept(kept)
    return true
  }

  /** Events that nobody here waits for have crossed the end of their subscription: they are dropped. */
  receive(events: ReadEvents, length: number): void {
    const feed = this.#kept.get(events.event)
    if (feed === undefined) return
    handOutEvents(events, length, (event, part) => {
      // A handler of one before it may have ended the subscription, or the session.
      if (!feed.isOver) feed.listener.onEvent(event, part)
    })
  }

  /** The session takes nothing new. */
  leave(): void {
    this.#isLeaving = true
    for (const feed of [...this.#all]) feed.listener.onLeaving()
  }

  /** The session has ended. */
  lose(error: Error): void {
    this.#isLeaving = true
    const all = [...this.#all]
    for (const feed of all) this.#remove(feed)
    for (const feed of all) feed.listener.onEnd(error)
  }

  #ask(feed: SessionFeed): void {
    const id = this.#host.takeNextId()
    // An answer to what was asked before would say nothing more.
    this.#asked.delete(feed.id)
    this.#asked.set(id, feed)
    feed.id = id
    this.#host.outlet.write(writeSubscribe(id, feed.tag))
  }

  #remove(feed: SessionFeed): void {
    feed.isOver = true
    this.#all.delete(feed)
    this.#asked.delete(feed.id)
    this.#forgetNumber(feed)
  }

  /** Where a subscription has lapsed before it was renewed, the event may have another number. */
  #forgetNumber(feed: SessionFeed): void {
    if (feed.event !== undefined && this.#kept.get(feed.event) === feed) this.#kept.delete(feed.event)
  }
}

/** What a feed does to those of its session. */
interface FeedHooks {
  readonly renew: () => void
  readonly write: (line: string) => void
  readonly remove: () => void
}

class SessionFeed implements Feed {
  readonly tag: string
  readonly listener: FeedListener
  readonly #hooks: FeedHooks
  /** Of the last message that asked for it, by which it is ended. */
  id = 0
  event: number | undefined
  /** Whoever ended it. */
  isOver = false

  constructor(tag: string, listener: FeedListener, hooks: FeedHooks) {
    this.tag = tag
    this.listener = listener
    this.#hooks = hooks
  }

  renew(): void {
    if (!this.isOver) this.#hooks.renew()
  }

  reportFailure(sequence: number, error: ErrorRecord): void {
    if (!this.isOver && this.event !== undefined) this.#hooks.write(writeFailure(this.event, sequence, error))
  }

  close(): void {
    if (this.isOver) return
    this.#hooks.write(writeCancel(this.id))
    this.#hooks.remove()
  }
}
