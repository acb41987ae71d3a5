import type { EventHandler, Gap } from '../../api/event.js'
import type { Logger } from '../../api/logger.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { decodePart } from '../../validation/check-value.js'
import type { EventChecks } from '../../validation/validate.js'
import type { ArrivedEvent } from '../../wire/events.js'
import { callHook } from '../call-hook.js'
import { isPromiseLike } from '../is-promise-like.js'
import { WaitingLine } from '../waiting-line.js'

/** What waits of one publisher: an event, or that some never will. */
interface Arrival {
  readonly peer: RemotePeer
  /** How many are missing right before it. */
  readonly missed: number
  /** The last one that is not missing any more: the event's own, or the last of those that are. */
  readonly sequence: number
  readonly event: ArrivedEvent | undefined
  /** Of its line, in UTF-16 units. */
  readonly length: number
}

/** What an inbox needs of its subscription. */
export interface InboxOptions {
  readonly tag: string
  readonly checks: EventChecks
  readonly handler: EventHandler<unknown>
  readonly onGap: ((gap: Gap) => void) | undefined
  readonly logger: Logger
  /** The handler threw, or the payload is not what the schema declares. */
  readonly onFailure: (peer: RemotePeer, sequence: number, thrown: unknown) => void
}

/**
 * What one handler is given, one event after the other: the next one when the promise that it answered with has settled. Meanwhile the
 * others wait here, within the limit, and hold up nobody else.
 */
export class Inbox {
  readonly #options: InboxOptions
  readonly #waiting = new WaitingLine<Arrival>()
  /** What was dropped of a publisher since something of it was handled, by its id: the last one, and how many are missing up to it. */
  readonly #dropped = new Map<string, Pick<Arrival, 'peer' | 'sequence' | 'missed'>>()
  #isBusy = false
  #isOverrun = false
  #isClosed = false

  constructor(options: InboxOptions) {
    this.#options = options
  }

  /** An event of a publisher has arrived; right before it so many are missing. `length` is that of its line. */
  take(peer: RemotePeer, event: ArrivedEvent, missed: number, length: number): void {
    if (this.#isClosed) return
    if (this.#isBusy) this.#waiting.push({ peer, missed, sequence: event.sequence, event, length }, this.#onDrop)
    else this.#handle(peer, event, event.sequence, missed)
  }

  /** So many of a publisher will never arrive, the last of which has this sequence. */
  miss(peer: RemotePeer, sequence: number, missed: number): void {
    if (this.#isClosed) return
    if (this.#isBusy) this.#waiting.push({ peer, missed, sequence, event: undefined, length: 0 }, this.#onDrop)
    else this.#handle(peer, undefined, sequence, missed)
  }

  /** Nothing is handled any more. */
  close(): void {
    this.#isClosed = true
    this.#waiting.remove(() => true)
    this.#dropped.clear()
  }

  #handle(peer: RemotePeer, event: ArrivedEvent | undefined, sequence: number, missedBefore: number): void {
    const missed = missedBefore + this.#takeDropped(peer)
    if (missed > 0) this.#tellGap({ peer, missed, from: sequence - missed + (event === undefined ? 1 : 0) })
    if (event === undefined) return
    try {
      const { tag, checks, handler } = this.#options
      const payload = checks.payload === null ? undefined : decodePart(tag, 'payload', checks, event.payload)
      const handled = handler(payload, { peer, sequence, emittedAtMs: event.emittedAtMs })
      if (isPromiseLike(handled)) this.#waitFor(handled, peer, sequence)
    } catch (thrown) {
      this.#options.onFailure(peer, sequence, thrown)
    }
  }

  #waitFor(handled: PromiseLike<unknown>, peer: RemotePeer, sequence: number): void {
    this.#isBusy = true
    Promise.resolve(handled)
      .catch((thrown: unknown) => this.#options.onFailure(peer, sequence, thrown))
      .then(() => this.#goOn())
  }

  #goOn(): void {
    this.#isBusy = false
    while (!this.#isBusy && !this.#isClosed) {
      const next = this.#waiting.shift()
      if (next === undefined) {
        this.#isOverrun = false
        this.#tellDropped()
        return
      }
      this.#handle(next.peer, next.event, next.sequence, next.missed)
    }
  }

  /** What is missing is told before the next one of its publisher: those that wait are older than whatever comes. */
  #takeDropped({ id }: RemotePeer): number {
    if (this.#dropped.size === 0) return 0
    const dropped = this.#dropped.get(id)?.missed ?? 0
    this.#dropped.delete(id)
    return dropped
  }

  /** Publishers of whom nothing waits any more may never send anything that could tell it. */
  #tellDropped(): void {
    for (const [id, { peer, sequence, missed }] of this.#dropped) {
      this.#dropped.delete(id)
      this.#tellGap({ peer, missed, from: sequence - missed + 1 })
    }
  }

  #tellGap(gap: Gap): void {
    const { tag, logger, onGap } = this.#options
    const { peer, missed, from } = gap
    logger.warn('events were missed', { tag, peer: peer.id, missed, from })
    if (onGap === undefined) return
    callHook(
      () => onGap(gap),
      (error) => logger.error('the option onGap failed', { tag, error }),
    )
  }

  readonly #onDrop = ({ peer, missed, sequence, event }: Arrival): void => {
    const { tag, logger } = this.#options
    const before = this.#dropped.get(peer.id)?.missed ?? 0
    this.#dropped.set(peer.id, { peer, sequence, missed: before + missed + (event === undefined ? 0 : 1) })
    if (this.#isOverrun) return
    this.#isOverrun = true
    logger.warn('a subscription handles events too slowly: its oldest ones are dropped', { tag, peer: peer.id })
  }
}
