import type { Logger } from '../../../api/logger.js'
import type { LogListener, LogReader } from '../../event-log.js'
import type { EngineClient } from '../engine-client.js'
import type { Heard } from '../heard-subjects.js'
import type { Msg } from '../load-nats.js'
import { NANOSECONDS_PER_MS } from '../nanoseconds.js'
import { HeldDelivery } from './held-delivery.js'
import { MESSAGE_ID, PUBLISHER, readMessageId } from './message-headers.js'
import { parseDelivery } from './parse-delivery.js'
import { PullWindow } from './pull-window.js'
import { RecentDeliveries } from './recent-deliveries.js'

/** How often the server says that it keeps a request, in milliseconds, and after how many silent ones it counts as lost. */
const BEAT_MS = 1_000
const MAX_SILENT_BEATS = 3

/** How many are asked for where one is delivered at a time. */
const ORDERED_REQUEST = 64

const ACKNOWLEDGE = Buffer.from('+ACK')
const IN_PROGRESS = Buffer.from('+WPI')

/** What a message without an event says (NATS ADR-9 and ADR-13). */
const STATUS_BEAT = 100
const STATUS_EXPIRED = 408
const STATUS_CONFLICT = 409

/** For how long the server keeps a request for events, in milliseconds. */
const EXPIRES_MS = 30_000

const EVENTS_LEFT = 'Nats-Pending-Messages'

/** What a reader needs. */
export interface PullReaderOptions {
  readonly client: EngineClient
  readonly stream: string
  readonly consumer: string
  readonly isOrdered: boolean
  readonly concurrency: number
  readonly silenceMs: number
  readonly listener: LogListener
  /** Whether the server still knows the consumer; asked where it is silent. Never rejects: undefined where it does not say. */
  readonly isThere: () => Promise<boolean | undefined>
  readonly logger: Logger
}

/**
 * Reads a consumer: it asks for as many events as it has room for, says that those that it holds are worked at, and asks again where the
 * server has lost the request, or was away.
 */
export class PullReader implements LogReader {
  readonly #options: PullReaderOptions
  readonly #inbox: string
  readonly #heard: Heard
  readonly #window: PullWindow
  /** By key: what has arrived, and is neither finished nor given back. */
  readonly #held = new Map<string, HeldDelivery>()
  readonly #recent = new RecentDeliveries()
  readonly #timers: NodeJS.Timeout[]
  readonly #unfollow: () => void
  /** How many events the server may still send for what was asked. */
  #asked = 0
  #silentBeats = 0
  #isStopped = false

  constructor(options: PullReaderOptions) {
    const { client, isOrdered, concurrency, silenceMs } = options
    this.#options = options
    this.#window = new PullWindow(isOrdered ? ORDERED_REQUEST : concurrency)
    this.#inbox = client.createInbox()
    this.#heard = client.hear(this.#inbox, (message) => this.#receive(message))
    this.#unfollow = client.engine.follow((isUp) => {
      if (isUp) this.#resume()
    })
    this.#timers = [
      setInterval(() => this.#beat(), BEAT_MS).unref(),
      setInterval(() => this.#sayInProgress(), silenceMs / 3).unref(),
    ]
    this.#ask()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#unfollow()
    // What the server has sent until it hears of it arrives first. Where there is no connection, nothing does.
    if (this.#isDown) this.#heard.end()
    else await this.#heard.drain()
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.#options.client.engine.flush()
  }

  get #isDown(): boolean {
    const { engine, connection } = this.#options.client
    return engine.downSinceMs !== undefined || connection.isClosed()
  }

  #receive(message: Msg): void {
    this.#silentBeats = 0
    const { reply = '', headers, data } = message
    const facts = parseDelivery(reply)
    if (facts === undefined) {
      this.#receiveStatus(headers)
      return
    }
    this.#asked--
    const known = this.#held.get(facts.key)
    if (known !== undefined) known.renew(reply)
    else if (this.#recent.has(facts.key)) this.#respond(reply, ACKNOWLEDGE)
    else {
      const id = readMessageId(headers?.get(MESSAGE_ID)) ?? `${facts.sequence}`
      const contents = { id, publisherId: headers?.get(PUBLISHER) || undefined, data }
      const held = new HeldDelivery(facts, contents, reply, this.#settle)
      this.#held.set(facts.key, held)
      this.#options.listener.onEvent(held)
    }
    this.#ask()
  }

  #receiveStatus(headers: Msg['headers']): void {
    const { code = 0, description = '' } = headers ?? {}
    if (code === STATUS_BEAT) return
    const { consumer, logger } = this.#options
    logger.debug('a request for durable events has ended', { consumer, code, description })
    const left = Number(headers?.get(EVENTS_LEFT) || Number.NaN)
    // Where it does not say how many, it sends none for whatever was asked.
    this.#asked = Number.isNaN(left) ? 0 : Math.max(0, this.#asked - left)
    if (code === STATUS_CONFLICT && /deleted/i.test(description)) this.#forget()
    // Whatever else it refuses is asked for again with the next beat, as it may not be ready.
    else if (code === STATUS_EXPIRED) this.#ask()
  }

  readonly #settle = (delivery: HeldDelivery, afterMs: number | undefined): void => {
    const { key, reply } = delivery
    this.#held.delete(key)
    if (afterMs === undefined) {
      this.#respond(reply, ACKNOWLEDGE)
      this.#recent.add(key, reply)
      this.#window.finish()
    } else {
      this.#respond(reply, `-NAK ${JSON.stringify({ delay: Math.ceil(afterMs) * NANOSECONDS_PER_MS })}`)
    }
    this.#ask()
  }

  /** Asks for more, when half of what may be held is used up. */
  #ask(): void {
    if (this.#isStopped || this.#isDown) return
    const { client, stream, consumer } = this.#options
    const { size } = this.#window
    const used = this.#asked + this.#held.size
    if (used > size / 2) return
    const batch = size - used
    this.#asked += batch
    const request = {
      batch,
      expires: EXPIRES_MS * NANOSECONDS_PER_MS,
      idle_heartbeat: BEAT_MS * NANOSECONDS_PER_MS,
    }
    client.connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify(request), {
      reply: this.#inbox,
    })
  }

  #respond(reply: string, what: string | Uint8Array): void {
    if (!this.#isDown) this.#options.client.connection.publish(reply, what)
  }

  #sayInProgress(): void {
    for (const { reply } of this.#held.values()) this.#respond(reply, IN_PROGRESS)
  }

  /** The connection is back. */
  #resume(): void {
    for (const reply of this.#recent.unsafe) this.#respond(reply, ACKNOWLEDGE)
    this.#sayInProgress()
    this.#asked = 0
    this.#ask()
  }

  /** Counted, and not timed: a process that was stopped has heard nothing of a server that said it all. */
  #beat(): void {
    if (this.#isDown || this.#isStopped) return
    if (++this.#silentBeats < MAX_SILENT_BEATS) {
      this.#ask()
      return
    }
    this.#silentBeats = 0
    this.#asked = 0
    this.#ask()
    void this.#options.isThere().then((isThere) => {
      if (isThere === false) this.#forget()
    })
  }

  #forget(): void {
    if (this.#isStopped) return
    this.#options.listener.onForgotten()
  }
}
