import type { DurableDelivery, DurableEventHandler, DurableSubscription } from '../../api/durable-event.js'
import type { Logger } from '../../api/logger.js'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import type { EventLog, LogDelivery, LogListener, LogReader } from '../../transport/event-log.js'
import { decodePart } from '../../validation/check-value.js'
import type { EventChecks } from '../../validation/validate.js'
import { decodeJson, decodeUtf8 } from '../../wire/decode-json.js'
import { callHook } from '../call-hook.js'
import { LEFT } from '../event-iterator.js'
import { isPromiseLike } from '../is-promise-like.js'
import { type DurableSettings, MAX_BACKOFF_MS } from './read-durable-options.js'

/** What a durable subscription needs of its peer. */
export interface DurableSubscriptionOptions {
  readonly tag: string
  readonly checks: EventChecks
  readonly handler: DurableEventHandler<unknown>
  readonly settings: DurableSettings
  readonly log: EventLog
  /** The peer's own. */
  readonly group: string
  readonly logger: Logger
  /** Called once, when it is closed. */
  readonly onClose: (subscription: OpenDurableSubscription) => void
}

/**
 * A durable subscription until it is closed: it hands events to its handler, as many at once as it may, and tells the log what became of
 * each. What fails comes again, later each time, and in the end goes where dead letters are.
 */
export class OpenDurableSubscription implements DurableSubscription, LogListener {
  readonly #options: DurableSubscriptionOptions
  readonly #onAbort = (): void => void this.close()
  #reader: LogReader | undefined
  /** What has arrived, and no handler has yet. */
  readonly #waiting: LogDelivery[] = []
  #running = 0
  #closing: Promise<void> | undefined
  #onIdle = (): void => {}

  constructor(options: DurableSubscriptionOptions) {
    this.#options = options
  }

  get tag(): string {
    return this.#options.tag
  }

  get name(): string {
    return this.#options.settings.name
  }

  /** Begins. Rejects where the log does not let it. */
  async open(): Promise<void> {
    const { tag, log, settings } = this.#options
    const { name, from, isOrdered, concurrency, silenceMs, signal } = settings
    const reader = await log.read({ tag, name, from, isOrdered, concurrency, silenceMs }, this)
    if (this.#closing !== undefined) {
      await reader.stop()
      await reader.close()
      throw refuse(
        'failed_precondition',
        `the subscription ${printValue(name)} to ${tag} was closed while it was opened`,
      )
    }
    this.#reader = reader
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (signal?.aborted === true) await this.close()
  }

  onEvent(delivery: LogDelivery): void {
    if (this.#closing !== undefined) {
      delivery.giveBack(0)
      return
    }
    this.#waiting.push(delivery)
    this.#goOn()
  }

  onForgotten(): void {
    const { tag, logger, settings } = this.#options
    logger.error('the engine has forgotten a subscription: it is closed', { tag, name: settings.name })
    void this.close()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async forget(): Promise<void> {
    await this.close()
    const { tag, log, settings } = this.#options
    await log.forget({ tag, name: settings.name })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const { settings, onClose } = this.#options
    settings.signal?.removeEventListener('abort', this.#onAbort)
    onClose(this)
    for (const delivery of this.#waiting.splice(0)) delivery.giveBack(0)
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve
      if (this.#running === 0) resolve()
    })
    await Promise.all([this.#reader?.stop(), idle])
    await this.#reader?.close()
  }

  #goOn(): void {
    while (this.#running < this.#options.settings.concurrency) {
      const delivery = this.#waiting.shift()
      if (delivery === undefined) return
      this.#run(delivery)
    }
  }

  #run(delivery: LogDelivery): void {
    const { settings, handler } = this.#options
    if (delivery.deliveries > settings.maxDeliveries * LOST_PER_FAILURE) {
      this.#wait(this.#fail(delivery, new Error('it never came back: the process of each handler ended before')))
      return
    }
    try {
      const handled = handler(this.#readPayload(delivery), this.#describe(delivery))
      if (isPromiseLike(handled)) this.#wait(this.#follow(delivery, handled))
      else delivery.finish()
    } catch (thrown) {
      this.#wait(this.#fail(delivery, thrown))
    }
  }

  /** Never rejects. */
  async #follow(delivery: LogDelivery, handled: PromiseLike<unknown>): Promise<void> {
    try {
      await handled
      delivery.finish()
    } catch (thrown) {
      await this.#fail(delivery, thrown)
    }
  }

  #wait(ended: Promise<void>): void {
    this.#running++
    void ended.then(() => {
      this.#running--
      if (this.#closing === undefined) this.#goOn()
      else if (this.#running === 0) this.#onIdle()
    })
  }

  /** Never rejects. */
  async #fail(delivery: LogDelivery, thrown: unknown): Promise<void> {
    if (thrown === LEFT) {
      delivery.giveBack(0)
      return
    }
    const { tag, log, logger, settings } = this.#options
    const { name, maxDeliveries, backoffMs } = settings
    const { id, sequence, deliveries } = delivery
    const afterMs = Math.min(backoffMs * 2 ** (deliveries - 1), MAX_BACKOFF_MS)
    const fields = { tag, name, id, sequence, deliveries }
    if (deliveries < maxDeliveries) {
      logger.warn('a durable event was not handled, and comes again', { ...fields, afterMs, error: thrown })
      delivery.giveBack(afterMs)
      return
    }
    try {
      await log.bury({ tag, name, delivery, reason: describeReason(thrown) })
    } catch (error) {
      // It is in the log as before: whoever gets it next tries to bury it again.
      logger.error('a durable event cannot be stored as a dead letter, and comes again', { ...fields, error })
      delivery.giveBack(Math.max(afterMs, MIN_BURIAL_PAUSE_MS))
      return
    }
    delivery.finish()
    logger.error('a durable event is a dead letter', { ...fields, error: thrown })
    this.#tellDeadLetter(delivery, thrown)
  }

  #tellDeadLetter(delivery: LogDelivery, error: unknown): void {
    const { tag, logger, settings } = this.#options
    const { onDeadLetter } = settings
    if (onDeadLetter === undefined) return
    callHook(
      () => onDeadLetter({ ...this.#describe(delivery), payload: readJson(delivery), error }),
      (thrown) => logger.error('the option onDeadLetter failed', { tag, error: thrown }),
    )
  }

  #readPayload({ data }: LogDelivery): unknown {
    const { tag, checks } = this.#options
    return checks.payload === null ? undefined : decodePart(tag, 'payload', checks, decodeJson(decodeUtf8(data)))
  }

  #describe({ id, sequence, storedAtMs, deliveries, publisherId }: LogDelivery): DurableDelivery {
    const publisher = publisherId === undefined ? undefined : { id: publisherId, group: this.#options.group }
    return { id, sequence, storedAtMs, deliveries, publisher }
  }
}

/**
 * An event that has ended every process that handled it would end this one too. One that merely waited in processes that were stopped has
 * been delivered as well: it gets so many times more deliveries than one whose handler fails.
 */
const LOST_PER_FAILURE = 4

/** How long an event rests that could not be buried, in milliseconds, at least. */
const MIN_BURIAL_PAUSE_MS = 1_000

/** What a handler has failed with, in words. Never throws: a handler may throw anything, also what throws when it is looked at. */
function describeReason(thrown: unknown): string {
  try {
    if (thrown instanceof Error && typeof thrown.message === 'string') return thrown.message
  } catch {
    // What it says of itself is lost.
  }
  return typeof thrown === 'string' ? thrown : printValue(thrown)
}

/** The payload of a dead letter; undefined where it is no JSON. */
function readJson({ data }: LogDelivery): unknown {
  try {
    return decodeJson(decodeUtf8(data))
  } catch {
    return undefined
  }
}
