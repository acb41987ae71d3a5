import { setTimeout as sleep } from 'node:timers/promises'
import type { Msg, NatsConnection } from '@nats-io/transport-node'
import type { Logger } from '../../api/logger.js'
import { printValue } from '../../errors/print-value.js'
import { isRefusal, refuse } from '../../errors/refuse.js'
import type { Engine, EngineAnswer, EngineMessage } from './engine.js'

/** How long the first connection may take, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000

/** Between two attempts to connect again, in milliseconds; up to as much again at random, so that not all come at once. */
const RECONNECT_MS = 250

/** How often the server is asked whether it is there, in milliseconds: after two without an answer it counts as gone. */
const PING_MS = 1_000

/** How long what was published has to leave when the connection is ended, in milliseconds. */
const LAST_FLUSH_MS = 500

/** The least that a message has to hold, in bytes, so that what peers say of themselves fits. */
const MIN_PAYLOAD_BYTES = 4 * 1024

/** Where clients of NATS have their answers: whoever names another subject would have this peer publish there in its own name. */
const INBOX = '_INBOX.'

type Nats = Pick<typeof import('@nats-io/transport-node'), 'connect' | 'errors'>

/**
 * Connects to NATS, whose package only peers with an engine need. Rejects with `failed_precondition` where that is not installed, and
 * says how to; `unavailable` where no server answers, and `unauthenticated` where it lets nobody in.
 */
export async function connectEngine(
  servers: readonly string[],
  name: string,
  logger: Logger,
  load: () => Promise<Nats> = () => import('@nats-io/transport-node'),
): Promise<Engine> {
  const nats = await loadNats(load)
  const urls = servers.map((server) => new URL(server))
  try {
    const connection = await nats.connect({
      servers: urls.map(({ host }) => host),
      ...readCredentials(urls),
      ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
      name,
      timeout: CONNECT_TIMEOUT_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MS,
      reconnectJitter: RECONNECT_MS,
      reconnectJitterTLS: RECONNECT_MS,
      // A server whose users are changed for a while is no reason to stay away for ever.
      ignoreAuthErrorAbort: true,
      pingInterval: PING_MS,
      // A connection of its own user: it would hear itself.
      noEcho: true,
      noAsyncTraces: true,
    })
    const maxBytes = connection.info?.max_payload ?? 0
    if (maxBytes >= MIN_PAYLOAD_BYTES) return new NatsEngine(connection, nats.errors, logger)
    await connection.close()
    const needed = `raise its max_payload to ${MIN_PAYLOAD_BYTES} or more`
    throw refuse('failed_precondition', `engine takes messages of ${maxBytes} bytes: ${needed}`)
  } catch (cause) {
    if (isRefusal(cause)) throw cause
    // Without what stands before the host: it may be a password.
    const at = urls.map(({ host }) => printValue(host)).join(', ')
    if (cause instanceof nats.errors.AuthorizationError || cause instanceof nats.errors.UserAuthenticationExpiredError)
      throw refuse('unauthenticated', `engine ${at} lets this peer not in: name its user in the URL`, { cause })
    throw refuse('unavailable', `engine ${at} does not answer: start it, or correct the URL`, { cause })
  }
}

/** Of the first URL that has any: user and password, or a token alone, as other clients of NATS read them. */
function readCredentials(urls: readonly URL[]): { user: string; pass: string } | { token: string } | undefined {
  const url = urls.find(({ username }) => username !== '')
  if (url === undefined) return undefined
  const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  return pass === '' ? { token: user } : { user, pass }
}

async function loadNats(load: () => Promise<Nats>): Promise<Nats> {
  try {
    return await load()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    const remedy = 'run npm install @nats-io/transport-node'
    throw refuse('failed_precondition', `an engine needs the package @nats-io/transport-node: ${remedy}`, { cause })
  }
}

class NatsEngine implements Engine {
  readonly #connection: NatsConnection
  readonly #errors: Nats['errors']
  readonly #logger: Logger
  readonly #followers = new Set<(isUp: boolean) => void>()
  #downSinceMs: number | undefined
  /** Who waits for the next flush, which covers what was published before it began. */
  #waiting: (() => void)[] = []
  #isFlushing = false

  constructor(connection: NatsConnection, errors: Nats['errors'], logger: Logger) {
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
    if (reply?.startsWith(INBOX) === true) this.publish(reply, data)
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
