import { refuse } from '../../errors/refuse.js'
import { ConnectionPool } from './connection-pool.js'
import {
  HttpExchange,
  type HttpRequest,
  type HttpResponse,
  type ResponseListener,
  type SentRequest,
} from './http-exchange.js'
import type { Tls } from './tls.js'

/** The same, with a promise of its response. */
export interface PromisedResponse extends SentRequest {
  /** Rejects with what a {@link ResponseListener} would be given. */
  readonly response: Promise<HttpResponse>
}

/** Kept connections to other peers: one pool for each address, as `printAddress` writes it. */
export class HttpClient {
  readonly #pools = new Map<string, ConnectionPool>()
  #isClosed = false
  readonly #onDisconnect: (address: string) => void
  readonly #tls: Tls['client'] | undefined

  /** `onDisconnect` hears of connections that end, as the hooks of {@link ConnectionPool} say. `tls`: what they are encrypted with. */
  constructor(onDisconnect: (address: string) => void, tls?: Tls['client']) {
    this.#onDisconnect = onDisconnect
    this.#tls = tls
  }

  request(address: string, request: HttpRequest): PromisedResponse {
    let sent: SentRequest | undefined
    const response = new Promise<HttpResponse>((resolve, reject) => {
      sent = this.send(address, request, { onResponse: resolve, onFailure: reject })
    })
    return { response, abort: (error) => sent?.abort(error) }
  }

  /** The same with a listener, which may be called before this returns. Throws `unavailable` where the client is closed. */
  send(address: string, request: HttpRequest, listener: ResponseListener): SentRequest {
    // A pool that was made now would keep the process alive.
    if (this.#isClosed) throw refuse('unavailable', 'this peer is closed: make a new one')
    const exchange = new HttpExchange(request, listener)
    this.#findPool(address).dispatch(exchange)
    return exchange
  }

  /** Ends every connection to an address, and every request there with an error; later ones take new connections. */
  drop(address: string, error: Error): void {
    const pool = this.#pools.get(address)
    this.#pools.delete(address)
    void pool?.destroy(error)
  }

  /** Ends every connection and every request; later ones are refused with `unavailable`. */
  async close(): Promise<void> {
    this.#isClosed = true
    const pools = [...this.#pools.values()]
    this.#pools.clear()
    await Promise.all(pools.map((pool) => pool.destroy()))
  }

  #findPool(address: string): ConnectionPool {
    const known = this.#pools.get(address)
    if (known !== undefined) return known
    const pool = new ConnectionPool(`${this.#tls === undefined ? 'http' : 'https'}://${address}`, this.#tls, {
      onDisconnect: () => this.#onDisconnect(address),
      // It would hold 20 KB, and peers come and go: it is made again when it is needed.
      onEmpty: () => this.#pools.get(address) === pool && this.#pools.delete(address),
    })
    this.#pools.set(address, pool)
    return pool
  }
}
