import { buildConnector, Client, errors } from 'undici'
import type { Carrier, HttpExchange } from './http-exchange.js'
import type { Tls } from './tls.js'

/** As many as calls in flight that one peer serves, so that calls wait at the callee's limit and not in a queue here. */
const MAX_CONNECTIONS = 256

/** With a second one, a call that follows another at once does not wait until that one's connection has rested. */
const MIN_CONNECTIONS = 2

/** What a pool tells of its connections. */
export interface ConnectionPoolHooks {
  /** One has ended, or could not be made. Not told of what this side ended, while there is another one whose end would be told. */
  onDisconnect(): void
  /** None is left: the pool may be forgotten. */
  onEmpty(): void
}

/**
 * Kept connections to one origin, each for one request at a time.
 *
 * A connection that has been answered rests until the end of the turn, since its server may be closing it. Calls that are made meanwhile
 * wait for one of those instead of taking another, or a new one: undici's own pool keeps twice as many connections as there are calls,
 * which costs a call a third of its time.
 */
export class ConnectionPool {
  readonly #origin: string
  readonly #connect: ReturnType<typeof buildConnector>
  readonly #hooks: ConnectionPoolHooks
  readonly #all = new Set<Connection>()
  /** The one that was used last is taken first, so that those that are not needed end. */
  readonly #free: Connection[] = []
  readonly #waiting = new Set<HttpExchange>()
  /** How many are busy with what may last: these take nobody's place. */
  #lasting = 0
  #resting = 0

  constructor(origin: string, tls: Tls['client'] | undefined, hooks: ConnectionPoolHooks) {
    this.#origin = origin
    // One for all of them, so that each resumes the TLS session of another.
    this.#connect = buildConnector({ ...tls })
    this.#hooks = hooks
  }

  /** Sends the request as soon as there is a connection for it. */
  dispatch(exchange: HttpExchange): void {
    const free = this.#free.pop()
    if (free !== undefined) this.#use(free, exchange)
    else if (this.#isSoonFree && exchange.request.findReader === undefined) {
      this.#waiting.add(exchange)
      exchange.carrier = { onAnswer() {}, onAbandon: () => this.#waiting.delete(exchange) }
    } else this.#use(this.#open(), exchange)
  }

  /** Ends every connection, and every request with an error. */
  async destroy(error: Error = new errors.ClientDestroyedError()): Promise<void> {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const exchange of waiting) exchange.onError(error)
    await Promise.all(
      [...this.#all].map((connection) => {
        connection.onAbandon()
        return connection.client.destroy(error)
      }),
    )
  }

  get #isSoonFree(): boolean {
    const size = this.#all.size - this.#lasting
    return size >= MAX_CONNECTIONS || (size >= MIN_CONNECTIONS && this.#waiting.size < this.#resting)
  }

  #open(): Connection {
    // Deadlines are the calls' own; undici's timeouts act only once a second.
    const connect: buildConnector.connector = (options, callback) => {
      // It answers with the socket, though its type does not say so.
      connection.connecting = this.#connect(options, (...result: Parameters<typeof callback>) => {
        connection.connecting = undefined
        callback(...result)
      }) as unknown as Connecting
    }
    const client = new Client(this.#origin, { connect, headersTimeout: 0, bodyTimeout: 0 })
    const connection: Connection = new Connection(client, () => this.#resting++)
    client.on('connect', () => {
      connection.isConnected = true
    })
    client.on('disconnect', () => {
      connection.isConnected = false
      this.#tellEnd(connection)
      if (!connection.isBusy) this.#forget(connection)
    })
    client.on('connectionError', () => {
      this.#tellEnd(connection)
      const failed = connection.exchange
      // Where a certificate is of another name, undici never says that the connection is free again.
      setImmediate(() => {
        if (connection.isBusy && connection.exchange === failed && failed?.isOver === true) this.#replace(connection)
      })
    })
    client.on('drain', () => {
      if (connection.isBusy && this.#all.has(connection)) this.#release(connection)
    })
    this.#all.add(connection)
    return connection
  }

  #use(connection: Connection, exchange: HttpExchange): void {
    connection.isBusy = true
    connection.exchange = exchange
    if (exchange.request.findReader !== undefined) this.#lasting++
    exchange.carrier = connection
    const isFree = connection.client.dispatch(exchange.request, exchange)
    // What undici refuses to send takes no connection, and there is no drain to wait for.
    if (isFree || exchange.isOver) this.#release(connection)
  }

  #tellEnd({ exchange }: Connection): void {
    const isOwn = exchange?.isAborted === true
    if (!isOwn || ![...this.#all].some(({ isConnected }) => isConnected)) this.#hooks.onDisconnect()
  }

  /** Gives up a connection that takes nothing more, and opens another for who waits. */
  #replace(connection: Connection): void {
    this.#settle(connection)
    const next = this.#takeWaiting()
    if (next !== undefined) this.#use(this.#open(), next)
    this.#forget(connection)
  }

  #settle(connection: Connection): void {
    connection.isBusy = false
    if (connection.exchange?.request.findReader !== undefined) this.#lasting--
    connection.exchange = undefined
    if (!connection.isResting) return
    connection.isResting = false
    this.#resting--
  }

  #release(connection: Connection): void {
    this.#settle(connection)
    const next = this.#takeWaiting()
    if (next !== undefined) this.#use(connection, next)
    else if (connection.isConnected) this.#free.push(connection)
    else this.#forget(connection)
  }

  #takeWaiting(): HttpExchange | undefined {
    const [next] = this.#waiting
    if (next !== undefined) this.#waiting.delete(next)
    return next
  }

  #forget(connection: Connection): void {
    if (!this.#all.delete(connection)) return
    const at = this.#free.indexOf(connection)
    if (at !== -1) this.#free.splice(at, 1)
    void connection.client.destroy()
    if (this.#all.size === 0) this.#hooks.onEmpty()
  }
}

/** The socket of a connection that is being made. */
type Connecting = NonNullable<Parameters<buildConnector.Callback>[1]>

class Connection implements Carrier {
  readonly client: Client
  connecting: Connecting | undefined
  /** What it carries, while it is busy. */
  exchange: HttpExchange | undefined
  isConnected = false
  isBusy = false
  isResting = false
  readonly #onRest: () => void

  constructor(client: Client, onRest: () => void) {
    this.client = client
    this.#onRest = onRest
  }

  onAnswer(): void {
    this.isResting = true
    this.#onRest()
  }

  /** undici would go on to connect for up to 10 s, though nobody waits for it. */
  onAbandon(): void {
    this.connecting?.destroy(new Error('nobody waits for this connection'))
  }
}
