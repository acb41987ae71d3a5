import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../api/logger.js'
import { refuse } from '../../errors/refuse.js'
import { ArrivedMessage } from './arrived-message.js'
import type { Authentication } from './authenticate.js'
import { discardDialled, sendGathered } from './client-parts.js'
import type { Engine, EngineAnswer, EngineHeaders, EngineMessage } from './engine.js'
import type { EngineClient } from './engine-client.js'
import { HeardSubjects } from './heard-subjects.js'
import type { Nats, NatsConnection } from './load-nats.js'
import { NatsHeaders } from './nats-headers.js'
import { ServerWatch } from './server-watch.js'
import { isInbox, nameGroup, nameInbox } from './subjects.js'
import { TextWriter } from './text-writer.js'
import { UnsentBytes } from './unsent-bytes.js'

/** The least that a message has to hold, in bytes, so that what peers say of themselves fits. */
export const MIN_PAYLOAD_BYTES: number = 4 * 1024

/** Of how many subjects the log says that they are refused. */
const MAX_TOLD = 100

/** How long what was published has to leave when the connection is ended, and what was sent to come where a queue is left, in milliseconds. */
const LAST_FLUSH_MS = 500

/** What an engine is made of. */
export interface EngineParts {
  /** One whose answers come where those of the group do. */
  readonly connection: NatsConnection
  readonly nats: Nats
  readonly group: string
  readonly authentication: Pick<Authentication, 'explain'>
  readonly logger: Logger
}

/** An engine over a connection of the client of NATS, which comes back by itself. */
export class NatsEngine implements Engine {
  /** What JetStream works with. */
  readonly client: EngineClient
  readonly #connection: NatsConnection
  readonly #nats: Nats
  readonly #authentication: Pick<Authentication, 'explain'>
  readonly #logger: Logger
  readonly #followers = new Set<(isUp: boolean) => void>()
  #downSinceMs: number | undefined
  /** What the server took that was connected last: while there is none, the client of NATS does not know. */
  #lastMaxBytes = MIN_PAYLOAD_BYTES
  /** Who waits for the next flush, which covers what was published before it began. */
  #waiting: (() => void)[] = []
  #isFlushing = false
  readonly #texts = new TextWriter()
  readonly #unsent = new UnsentBytes((listener) => this.onceFlushed(listener))
  readonly #heard: HeardSubjects
  readonly #watch: ServerWatch
  readonly #refused = new Set<(subject: string) => void>()
  /** Subjects of which the log says that they are refused: beats would be every time. */
  readonly #told = new Set<string>()
  /** What went wrong since the engine was last there: each attempt to connect again says it anew. */
  readonly #wrong = new Set<string>()
  #isClosing = false
  #hasEnded = false

  constructor({ connection, nats, group, authentication, logger }: EngineParts) {
    const inboxPrefix = nameInbox(group)
    this.client = {
      engine: this,
      connection,
      createHeaders: () => nats.headers(),
      createInbox: () => nats.createInbox(inboxPrefix),
      hear: (subject, onMessage) => this.#heard.add(subject, onMessage),
    }
    this.#connection = connection
    this.#nats = nats
    this.#logger = logger
    this.#heard = new HeardSubjects({
      connection,
      errors: nats.errors,
      needed: `${nameGroup(group)}.`,
      logger,
      onceFlushed: (listener) => this.onceFlushed(listener),
    })
    this.#authentication = authentication
    this.#lastMaxBytes = this.maxBytes
    this.#watch = new ServerWatch(connection, this)
    void this.#followStatus()
    void connection.closed().then((error) => this.#onEnded(error))
  }

  get maxBytes(): number {
    return this.#connection.info?.max_payload ?? this.#lastMaxBytes
  }

  /** The server that is connected: what it calls itself, its version, and how many addresses of its cluster it names, where it is in one. */
  get server(): { readonly id: string; readonly version: string; readonly clusterAddresses: number | undefined } {
    const { server_id: id = '', version = '', cluster, connect_urls: addresses = [] } = this.#connection.info ?? {}
    return { id, version, clusterAddresses: cluster === undefined ? undefined : addresses.length }
  }

  get downSinceMs(): number | undefined {
    return this.#downSinceMs
  }

  get trouble(): string | undefined {
    if (this.#isDown) return this.#hasEnded ? 'ended for good' : undefined
    const { lost } = this.#heard
    return lost === undefined ? undefined : `may not hear ${lost}`
  }

  get bufferedBytes(): number {
    return this.#unsent.bytes
  }

  createHeaders(fields: readonly string[]): EngineHeaders {
    return new NatsHeaders(this.#nats, fields)
  }

  publish(subject: string, data: string | Uint8Array, reply?: string, headers?: EngineHeaders): void {
    if (this.#isDown) return
    const bytes = typeof data === 'string' ? this.#texts.write(data) : data
    this.#unsent.add(bytes.length)
    if (headers === undefined) this.#connection.publish(subject, bytes, reply === undefined ? undefined : { reply })
    else if (headers instanceof NatsHeaders)
      this.#connection.publish(subject, bytes, { reply: reply ?? '', headers: headers.headers })
    else throw refuse('internal', 'headers are those of another engine')
  }

  sendNow(): void {
    sendGathered(this.#connection)
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
    return this.#heard.add(subject, (message) => onMessage(new ArrivedMessage(message)), onRefused).end
  }

  join(subject: string, queue: string, onMessage: (message: EngineMessage) => void): () => Promise<void> {
    const heard = this.#heard.add(subject, (message) => onMessage(new ArrivedMessage(message)), undefined, queue)
    return async () => {
      if (this.#isDown) heard.end()
      else await Promise.race([heard.drain(), sleep(LAST_FLUSH_MS, undefined, { ref: false })])
    }
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

  followRefusals(listener: (subject: string) => void): () => void {
    this.#refused.add(listener)
    return () => this.#refused.delete(listener)
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.#watch.stop()
    this.#heard.close()
    if (this.#connection.isClosed()) return
    await Promise.race([this.flush(), sleep(LAST_FLUSH_MS, undefined, { ref: false })])
    await this.#connection.close()
    discardDialled(this.#connection)
  }

  get #isDown(): boolean {
    return this.#downSinceMs !== undefined || this.#connection.isClosed()
  }

  #explain(error: unknown): EngineAnswer {
    const all = [error, (error as Partial<Error> | undefined)?.cause]
    if (all.some((some) => some instanceof this.#nats.errors.NoRespondersError)) return 'nobody'
    if (all.some((some) => some instanceof this.#nats.errors.PermissionViolationError)) return 'refused'
    return error instanceof this.#nats.errors.TimeoutError ? 'late' : 'down'
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
        else if (status.type === 'error') this.#onError(status.error)
      })
    }
  }

  #onError(error: Error): void {
    if (!(error instanceof this.#nats.errors.PermissionViolationError)) {
      this.#onWrong(error)
      return
    }
    // Whoever subscribes is told there.
    if (error.operation !== 'publish') return
    const { subject } = error
    if (!this.#told.has(subject) && this.#told.size < MAX_TOLD) {
      this.#told.add(subject)
      this.#logger.warn('the engine does not permit this peer to publish: permit it to its user', { subject })
    }
    for (const listener of [...this.#refused]) listener(subject)
  }

  #onWrong(error: Error): void {
    if (this.#wrong.has(error.message) || this.#wrong.size >= MAX_TOLD) return
    this.#wrong.add(error.message)
    const { AuthorizationError, UserAuthenticationExpiredError } = this.#nats.errors
    const isLocked = error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError
    this.#logger.warn(`the engine ${isLocked ? this.#authentication.explain() : 'refuses something'}`, { error })
  }

  /** The client of NATS has given up, which nothing but an error of its own lets it do. */
  #onEnded(error: unknown): void {
    if (this.#isClosing) return
    this.#hasEnded = true
    this.#watch.stop()
    this.#logger.error('the engine has ended for good: start this peer again', { error })
    this.#onDown('none')
  }

  /** While a server lets nobody in, each attempt to connect again ends like this: it is said once. */
  #onDown(server: string): void {
    if (this.#downSinceMs !== undefined) return
    this.#downSinceMs = Date.now()
    this.#waiting = []
    this.#unsent.clear()
    for (const follower of [...this.#followers]) this.#guard(() => follower(false))
    this.#logger.warn('the engine is down: calls fail until it is back', { server })
  }

  #onUp(server: string): void {
    if (this.#downSinceMs === undefined) return
    this.#downSinceMs = undefined
    this.#lastMaxBytes = this.maxBytes
    this.#wrong.clear()
    this.#guard(() => this.#heard.retry())
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
