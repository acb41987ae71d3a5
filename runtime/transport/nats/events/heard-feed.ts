import { printAddress } from '../../../api/address.js'
import type { RemotePeer } from '../../../api/remote-peer.js'
import { runOutside } from '../../../call/scope/running-call.js'
import { isRefusal, refuse } from '../../../errors/refuse.js'
import { decodeUtf8, MalformedJsonError } from '../../../wire/decode-json.js'
import type { ErrorRecord } from '../../../wire/error-record.js'
import type { Feed, FeedListener } from '../../../wire/events.js'
import { handOutEvents, isEvents, readEventsLine } from '../../../wire/read-events.js'
import { readLines } from '../../frame-writer.js'
import { isExcessEvent } from '../../session/excess.js'
import type { Engine } from '../engine.js'
import { hearAll } from '../hear-all.js'
import { nameEvent } from '../subjects.js'
import { END, RENEW } from './event-broadcast.js'
import type { FeedAsker } from './feed-asker.js'

/** Within how long all subscribers of a publisher that was lost ask it again, in milliseconds: not all at once. */
const MAX_RENEWAL_DELAY_MS = 500

/**
 * How much a message may hold before its last line, in UTF-16 units: a publisher ends one that has 64 Ki. All of it is handled in one go, and
 * many small events would take long.
 */
const MAX_LINES_LENGTH = 72 * 1024

/**
 * A subscription to an event of one peer, which is heard where all others hear it. NATS keeps the order of all that one peer publishes, so
 * that whatever was emitted before the publisher's answer has come before it; what comes right behind may be handed over before the answer is.
 */
export class HeardFeed implements Feed {
  readonly #asker: FeedAsker
  readonly #peer: RemotePeer
  readonly #listener: FeedListener
  #ends: (() => void)[] = []
  #renewal: NodeJS.Timeout | undefined
  #isAsking = false
  /** Whether it is to be asked for, once more where it is being asked for already. */
  #isDue = false
  /** The publisher's number of the event, once it has answered. */
  #event: number | undefined
  #isOver = false
  readonly #onEnd: () => void

  /** `onEnd` is called when it has ended, in whatever way. */
  constructor(asker: FeedAsker, peer: RemotePeer, listener: FeedListener, onEnd: () => void) {
    this.#asker = asker
    this.#peer = peer
    this.#listener = listener
    this.#onEnd = onEnd
  }

  /** Begins to hear, and then asks the publisher. Rejects with `permission_denied` where the server does not permit to hear it. */
  async begin(engine: Engine, tag: string): Promise<void> {
    this.#ends = await hearAll(engine, [[nameEvent(this.#peer, tag), ({ data }) => this.#receive(data)]])
    if (this.#isOver) this.#stop()
    else this.renew()
  }

  renew(): void {
    clearTimeout(this.#renewal)
    this.#renewal = undefined
    this.#isDue = true
    if (!this.#isAsking) runOutside(() => void this.#askWhileDue())
  }

  reportFailure(sequence: number, error: ErrorRecord): void {
    if (!this.#isOver && this.#event !== undefined) this.#asker.reportFailure(this.#event, sequence, error)
  }

  close(): void {
    if (this.#isOver) return
    this.#asker.end()
    this.#stop()
  }

  /** It is not to be heard any more. The publisher, should it be there, learns so: what is opened instead is another subscription. */
  lose(error: Error): void {
    if (this.#isOver) return
    this.#asker.end()
    this.#stop()
    this.#listener.onEnd(error)
  }

  #stop(): void {
    this.#isOver = true
    clearTimeout(this.#renewal)
    for (const end of this.#ends.splice(0)) end()
    this.#onEnd()
  }

  /** One question after the other: however often the publisher wants one, no more wait for their answers. */
  async #askWhileDue(): Promise<void> {
    this.#isAsking = true
    while (this.#isDue && !this.#isOver) {
      this.#isDue = false
      await this.#ask()
    }
    this.#isAsking = false
  }

  async #ask(): Promise<void> {
    try {
      const kept = await this.#asker.ask()
      if (this.#isOver) return
      this.#event = kept.event
      this.#listener.onKept(kept)
    } catch (error) {
      if (!isRefusal(error)) throw error
      // It hears what comes meanwhile: a publisher that is busy keeps it for its lease.
      if (error.code === 'deadline_exceeded' && this.#event !== undefined) this.renew()
      else this.lose(error)
    }
  }

  #receive(data: Uint8Array): void {
    const [first] = data
    if (first === END.charCodeAt(0)) this.lose(refuse('unavailable', `${printAddress(this.#peer)} has ended`))
    else if (first === RENEW.charCodeAt(0)) this.#onRenew(Buffer.from(data.subarray(1)).toString('latin1'))
    else this.#takeLines(data)
  }

  #onRenew(id: string): void {
    if (id === this.#asker.subscriberId) this.renew()
    else if (id === '') this.#renewal ??= setTimeout(() => this.renew(), Math.random() * MAX_RENEWAL_DELAY_MS).unref()
  }

  #takeLines(data: Uint8Array): void {
    try {
      const text = decodeUtf8(data)
      if (text.lastIndexOf('\n', text.length - 2) > MAX_LINES_LENGTH) this.#onMistake()
      else readLines(text, (line) => this.#takeLine(line))
    } catch (error) {
      if (!(error instanceof MalformedJsonError)) throw error
      this.#onMistake()
    }
  }

  #takeLine(line: string): void {
    const events = isEvents(line) && !isExcessEvent(line) ? readEventsLine(line) : undefined
    if (events === undefined) {
      this.#onMistake()
      return
    }
    handOutEvents(events, line.length, (event, length) => {
      // A handler of one before it may have ended the subscription.
      if (!this.#isOver) this.#listener.onEvent(event, length)
    })
  }

  #onMistake(): void {
    this.lose(refuse('invalid_argument', `what ${printAddress(this.#peer)} has sent is no event`))
  }
}
