import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../api/logger.js'
import type { Engine, EngineAnswer, EngineMessage } from './engine.js'
import type { Msg, NatsConnection, NatsErrors } from './load-nats.js'
import { isInbox } from './subjects.js'

/** The least that a message has to hold, in bytes, so that what peers say of themselves fits. */
export const MIN_PAYLOAD_BYTES: number = 4 * 1024

/** How long what was published has to leave when the connection is ended, in milliseconds. */
const LAST_FLUSH_MS = 500

/** An engine over a connection of the client of NATS, which comes back by itself. */
export class NatsEngine implements Engine {
  readonly #connection: NatsConnection
  readonly #errors: NatsErrors
  readonly #logger: Logger
  readonly #followers = new Set<(isUp: boolean) => void>()
  #downSinceMs: number | undefined
  /** Who waits for the next flush, which covers what was published before it began. */
  #waiting: (() => void)[] = []
  #isFlushing = false

  constructor(connection: NatsConnection, errors: NatsErrors, logger: Logger) {
    this.#connection = connection
    this.#errors = errors
    this.#logger = logger
    void this.#followStatus()
  }

  get maxBytes(): number {
    return this.#connection.info?.max_payload ?? MIN_PAYLOAD_BYTES
  }

  get downSinceMs(): number | undefined {
    return this.#downSinceMs
  }

  publish(subject: string, data: string | Uint8Array, reply?: string): void {
    if (!this.#isDown) this.#connection.publish(subject, data, reply === undefined ? undefined : { reply })
  }

  answer({ reply }: EngineMessage, data: string): void {
    if (reply !== undefined && isInbox(reply)) this.publish(reply, data)
  }

  request(subject: string, data: string, timeoutMs: number): Promise<EngineAnswer> {
    if (this.#isDown) return Promise.resolve('down')
    return new Promise((resolve) => {
      const settle = (answer: EngineAnswer): void => {
        end()
        resolve(answer)
      }
      const end = this.follow(() => settle('down'))
      this.#connection.request(subject, data, { timeout: Math.max(1, timeoutMs) }).then(
        (message) => settle(message.data),
        (error: unknown) => settle(this.#explain(error)),
      )
    })
  }

  subscribe(subject: string, onMessage: (message: EngineMessage) => void, onRefused?: () => void): () => void {
    const subscription = this.#connection.subscribe(subject, {
      callback: (error: Error | null, message: Msg) => {
        // What is thrown here would end the reader of the whole connection.
        this.#guard(() => {
          if (error === null) onMessage({ data: message.data, reply: message.reply === '' ? undefined : message.reply })
          else if (error instanceof this.#errors.PermissionViolationError) onRefused?.()
        })
      },
    })
    return () => subscription.unsubscribe()
  }

  onceFlushed(listener: () => void): void {
    this.#waiting.push(listener)
    this.#flushNext()
  }

  async flush(): Promise<void> {
    // Where the connection ends meanwhile, there is nothing left to wait for.
    if (!this.#isDown) await this.#connection.flush().catch(() => {})
  }

  follow(listener: (isUp: boolean) => void): () => void {
    this.#followers.add(listener)
    return () => this.#followers.delete(listener)
  }

  async close(): Promise<void> {
    if (this.#connection.isClosed()) return
    await Promise.race([this.flush(), sleep(LAST_FLUSH_MS, undefined, { ref: false })])
    await this.#connection.close()
  }

  get #isDown(): boolean {
    return this.#downSinceMs !== undefined || this.#connection.isClosed()
  }

  #explain(error: unknown): EngineAnswer {
    const all = [error, (error as Partial<Error> | undefined)?.cause]
    if (all.some((some) => some instanceof this.#errors.NoRespondersError)) return 'nobody'
    if (all.some((some) => some instanceof this.#errors.PermissionViolationError)) return 'refused'
    return error instanceof this.#errors.TimeoutError ? 'late' : 'down'
  }

  /** One at a time: who comes meanwhile waits for the next. */
  #flushNext(): void {
    if (this.#isFlushing || this.#isDown || this.#waiting.length === 0) return
    this.#isFlushing = true
    const waiting = this.#waiting
    this.#waiting = []
    this.#connection.flush().then(
      () => {
        this.#isFlushing = false
        for (const listener of waiting) this.#guard(listener)
        this.#flushNext()
      },
      () => {
        this.#isFlushing = false
      },
    )
  }

  async #followStatus(): Promise<void> {
    for await (const status of this.#connection.status()) {
      this.#guard(() => {
        if (status.type === 'disconnect') this.#onDown(status.server)
        else if (status.type === 'reconnect') this.#onUp(status.server)
        else if (status.type === 'error') this.#logger.warn('the engine refuses something', { error: status.error })
      })
    }
  }

  /** While a server lets nobody in, each attempt to connect again ends like this: it is said once. */
  #onDown(server: string): void {
    if (this.#downSinceMs !== undefined) return
    this.#downSinceMs = Date.now()
    this.#waiting = []
    for (const follower of [...this.#followers]) this.#guard(() => follower(false))
    this.#logger.warn('the engine is down: calls fail until it is back', { server })
  }

  #onUp(server: string): void {
    if (this.#downSinceMs === undefined) return
    this.#downSinceMs = undefined
    for (const follower of [...this.#followers]) this.#guard(() => follower(true))
    this.#logger.warn('the engine is back', { server })
  }

  #guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#logger.error('a message of the engine could not be taken', { error })
    }
  }
}
