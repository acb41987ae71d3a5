import type { StoredEvent } from '../../../api/durable-event.js'
import type { Logger } from '../../../api/logger.js'
import { cleanLine } from '../../../errors/clean-text.js'
import { printText, printValue } from '../../../errors/print-value.js'
import { refuse } from '../../../errors/refuse.js'
import type {
  BuriedEvent,
  EventLog,
  LogEntry,
  LogListener,
  LogReader,
  LogReaderKey,
  LogReaderOptions,
} from '../../event-log.js'
import type { EngineClient } from '../engine-client.js'
import { printSince } from '../print-since.js'
import type { StoreLimits } from './describe-stream.js'
import { type LoadJetStream, loadJetStream } from './load-jetstream.js'
import {
  DEAD_DELIVERIES,
  DEAD_REASON,
  DEAD_SEQUENCE,
  MESSAGE_ID,
  PUBLISHER,
  printMessageId,
} from './message-headers.js'
import { nameConsumer, nameDead, nameEvent } from './names.js'
import { Publications } from './publications.js'
import { PullReader } from './pull-reader.js'
import { Store } from './store.js'

/** The longest reason of a dead letter, in characters. */
const MAX_REASON_LENGTH = 200

/** What a group's log needs. */
export interface JetStreamLogOptions {
  readonly group: string
  readonly peerId: string
  readonly limits: StoreLimits
  readonly logger: Logger
  /** The connection; undefined before the peer listens. */
  readonly findClient: () => EngineClient | undefined
  /** Default: the package `@nats-io/jetstream`. */
  readonly load?: LoadJetStream
}

interface Opened {
  readonly client: EngineClient
  readonly publications: Publications
  readonly store: Store
}

/** A group's durable events, in its streams of JetStream. Nothing of it is loaded, asked or made before it is used. */
export class JetStreamLog implements EventLog {
  readonly #options: JetStreamLogOptions
  #opening: Promise<Opened> | undefined
  #opened: Opened | undefined
  #publications: Publications | undefined
  #lastEmission = 0

  constructor(options: JetStreamLogOptions) {
    this.#options = options
  }

  append(entry: LogEntry): Promise<StoredEvent> {
    const opened = this.#opened
    if (opened !== undefined) return this.#append(opened, entry)
    return this.#open(`${entry.tags[0]} is not stored`).then((some) => this.#append(some, entry))
  }

  async read(options: LogReaderOptions, listener: LogListener): Promise<LogReader> {
    const { tag, name } = options
    const { client, store } = await this.#open(`the subscription ${printValue(name)} to ${tag} is not opened`)
    const consumer = nameConsumer(tag, name)
    await orDown(client, tag, store.ensureReader(consumer, nameEvent(this.#options.group, tag), options))
    const { isOrdered, concurrency, silenceMs } = options
    return new PullReader({
      client,
      stream: store.names.events,
      consumer,
      isOrdered,
      concurrency,
      silenceMs,
      listener,
      isThere: () => store.hasReader(consumer),
      logger: this.#options.logger,
    })
  }

  async forget({ tag, name }: LogReaderKey): Promise<boolean> {
    const what = `the subscription ${printValue(name)} to ${tag} is not forgotten`
    const { client, store } = await this.#open(what)
    return orDown(client, tag, store.deleteReader(nameConsumer(tag, name), what))
  }

  async bury({ tag, name, delivery, reason }: BuriedEvent): Promise<void> {
    const { client, publications } = await this.#open(`a dead letter of ${tag} is not stored`)
    const { id, sequence, storedAtMs, deliveries, data } = delivery
    const subject = nameDead(this.#options.group, tag, name)
    const headers = client.createHeaders()
    headers.set(MESSAGE_ID, printMessageId(subject, `${id}@${sequence}.${storedAtMs}`))
    headers.set(DEAD_SEQUENCE, `${sequence}`)
    headers.set(DEAD_DELIVERIES, `${deliveries}`)
    headers.set(DEAD_REASON, toAscii(printText(cleanLine(reason), MAX_REASON_LENGTH)))
    await publications.publish([{ tag, subject, id, body: data, headers }])
  }

  async settle(): Promise<void> {
    // What waits for it to be opened is published behind that. Why it cannot be, whoever waits is told.
    await this.#opening?.catch(() => {})
    await this.#publications?.settle()
  }

  async #append({ client, publications }: Opened, { tags, id: given, text }: LogEntry): Promise<StoredEvent> {
    const { group, peerId } = this.#options
    const id = given ?? `${peerId}-${++this.#lastEmission}`
    const messages = tags.map((tag) => {
      const subject = nameEvent(group, tag)
      const headers = client.createHeaders()
      headers.set(MESSAGE_ID, printMessageId(subject, id))
      headers.set(PUBLISHER, peerId)
      return { tag, subject, id, body: text, headers }
    })
    const [first] = await publications.publish(messages)
    if (first === undefined) throw refuse('internal', 'an event has no tag')
    return first
  }

  #open(what: string): Promise<Opened> {
    this.#opening ??= this.#begin(what)
    return this.#opening
  }

  async #begin(what: string): Promise<Opened> {
    try {
      const { group, limits, logger, findClient, load } = this.#options
      const client = findClient()
      if (client === undefined) {
        const remedy = 'this peer does not listen yet: await listen() first'
        throw refuse('failed_precondition', `${what}: ${remedy}`)
      }
      const jetStream = await loadJetStream(load)
      const store = await orDown(client, what, Store.open({ client, jetStream, group, limits, logger }))
      const publications = this.#publications ?? new Publications(client, () => this.#reopen())
      this.#publications = publications
      const opened = { client, publications, store }
      // When all that waited for it has gone on, and nothing that comes later can be before it.
      setImmediate(() => {
        if (this.#opening !== undefined) this.#opened = opened
      })
      return opened
    } catch (error) {
      this.#opening = undefined
      throw error
    }
  }

  /** No stream takes what is published: it may have been deleted. What is under way is sent again until there is one. */
  #reopen(): void {
    if (this.#opened === undefined) return
    this.#opened = undefined
    this.#opening = undefined
    const { logger } = this.#options
    this.#open('no event is stored').catch((error: unknown) => logger.warn('no stream takes durable events', { error }))
  }
}

/** Rejects when the connection is lost: nobody would answer any more. */
async function orDown<Result>({ engine }: EngineClient, what: string, work: Promise<Result>): Promise<Result> {
  const explainDown = (): Error => refuse('unavailable', `${what}: the engine is down${printSince(engine)}`)
  let unfollow = (): void => {}
  const down = new Promise<never>((_, reject) => {
    if (engine.downSinceMs !== undefined) reject(explainDown())
    unfollow = engine.follow((isUp) => {
      if (!isUp) reject(explainDown())
    })
  })
  try {
    return await Promise.race([down, work])
  } finally {
    unfollow()
    work.catch(() => {})
  }
}

/** Headers are ASCII. */
function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}
