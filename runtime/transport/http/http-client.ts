import { type Dispatcher, Pool } from 'undici'
import { type Address, printAddress } from '../../api/address.js'
import { refuse } from '../../errors/refuse.js'
import type { Tls } from './tls.js'

/** One request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Names and values in turn. */
  readonly headers: string[]
  readonly body?: string | undefined
  /** The longest answer, in bytes. */
  readonly maxBytes: number
  /** Called just before the first byte leaves: without it, the other side certainly saw nothing. */
  onSend?(): void
  /** Who reads the body as it comes, where it is one to be read so: then the response has none. */
  readonly findReader?: (status: number, contentType: string) => BodyReader | undefined
}

/** Reads a body as it comes. */
export interface BodyReader {
  onStart(flow: BodyFlow): void
  onData(chunk: Buffer): void
  onEnd(): void
  /** The connection has failed, or the request was aborted. */
  onError(error: Error): void
}

/** How a body comes. */
export interface BodyFlow {
  pause(): void
  resume(): void
  abort(error: Error): void
}

export interface HttpResponse {
  readonly status: number
  readonly contentType: string
  readonly body: Buffer
}

/** Who waits for a response. One of the functions is called, once. */
export interface ResponseListener {
  onResponse(response: HttpResponse): void
  /** With undici's error, an {@link OversizeError} or {@link LinesError}, or what `abort` was given. */
  onFailure(error: Error): void
}

/** A request that is under way. */
export interface SentRequest {
  /** Ends it. Does nothing once the response is there. */
  abort(error: Error): void
}

/** The same, with a promise. */
export interface Exchange extends SentRequest {
  /** Rejects with what a {@link ResponseListener} would be given. */
  readonly response: Promise<HttpResponse>
}

/** An answer was longer than its reader allows. */
export class OversizeError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'OversizeError' })
  }
}

/** An answer comes line by line where one output is meant. */
export class LinesError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'LinesError' })
  }
}

/** The type of an answer that comes line by line. */
export const NDJSON: RegExp = /^application\/x-ndjson\b/i

/** The server had closed the connection already, and read nothing of the request. */
export class LateConnectionError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'LateConnectionError' })
  }
}

/** As many as calls in flight that one peer serves, so that calls wait at the callee's limit and not in a queue here. */
const MAX_CONNECTIONS = 256

/** Kept connections to other peers: one pool for each address. */
export class HttpClient {
  readonly #pools = new Map<string, Pool>()
  #isClosed = false
  readonly #onDisconnect: (address: Address) => void
  readonly #tls: Tls['client'] | undefined

  /** `onDisconnect` hears of every connection that ends, for whatever reason. `tls`: what they are encrypted with. */
  constructor(onDisconnect: (address: Address) => void, tls?: Tls['client']) {
    this.#onDisconnect = onDisconnect
    this.#tls = tls
  }

  request(address: Address, request: HttpRequest): Exchange {
    let sent: SentRequest | undefined
    const response = new Promise<HttpResponse>((resolve, reject) => {
      sent = this.send(address, request, { onResponse: resolve, onFailure: reject })
    })
    return { response, abort: (error) => sent?.abort(error) }
  }

  /** The same with a listener, which may be called before this returns. Throws `unavailable` where the client is closed. */
  send(address: Address, request: HttpRequest, listener: ResponseListener): SentRequest {
    // A pool that was made now would keep the process alive.
    if (this.#isClosed) throw refuse('unavailable', 'this peer is closed: make a new one')
    const handler = new ResponseHandler(request, listener)
    const { method, path, headers, body = null } = request
    this.#findPool(address).dispatch({ method, path, headers, body }, handler)
    return handler
  }

  /** Ends every connection to an address, and every request there with an error; later ones take new connections. */
  drop(address: Address, error: Error): void {
    const key = printAddress(address)
    const pool = this.#pools.get(key)
    this.#pools.delete(key)
    void pool?.destroy(error)
  }

  /** Ends every connection and every request; later ones are refused with `unavailable`. */
  async close(): Promise<void> {
    this.#isClosed = true
    const pools = [...this.#pools.values()]
    this.#pools.clear()
    await Promise.all(pools.map((pool) => pool.destroy()))
  }

  #findPool(address: Address): Pool {
    const key = printAddress(address)
    const known = this.#pools.get(key)
    if (known !== undefined) return known
    // Deadlines are the calls' own; undici's timeouts act only once a second.
    const pool = new Pool(`${this.#tls === undefined ? 'http' : 'https'}://${key}`, {
      connections: MAX_CONNECTIONS,
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(this.#tls && { connect: this.#tls }),
    })
    const onDisconnect = (): void => {
      this.#onDisconnect(address)
      this.#forgetIdle(key, pool)
    }
    pool.on('disconnect', onDisconnect)
    pool.on('connectionError', onDisconnect)
    this.#pools.set(key, pool)
    return pool
  }

  /** A pool without a connection still holds 20 KB, and peers come and go: it is made again when it is needed. */
  #forgetIdle(key: string, pool: Pool): void {
    const { connected, size } = pool.stats
    if (connected > 0 || size > 0 || this.#pools.get(key) !== pool) return
    this.#pools.delete(key)
    void pool.close()
  }
}

class ResponseHandler implements Dispatcher.DispatchHandler, SentRequest {
  readonly #request: HttpRequest
  readonly #listener: ResponseListener
  #isOver = false
  #controller: Dispatcher.DispatchController | undefined
  #aborted: Error | undefined
  #status = 0
  #contentType = ''
  #chunks: Buffer[] = []
  #bytes = 0
  #reader: BodyReader | undefined

  constructor(request: HttpRequest, listener: ResponseListener) {
    this.#request = request
    this.#listener = listener
  }

  abort(error: Error): void {
    this.#aborted = error
    // While it waits for a connection there is nothing to end yet: the caller is told now, the request later.
    this.#fail(error)
    this.#controller?.abort(error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted === undefined) this.#request.onSend?.()
    else controller.abort(this.#aborted)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    // The server closes a connection that has been idle for too long, and says so to nobody in particular (RFC 9110, 15.5.9).
    if (status === 408) controller.abort(new LateConnectionError('it was closed before it was used'))
    this.#status = status
    this.#contentType = String(headers['content-type'] ?? '')
    this.#reader = this.#request.findReader?.(status, this.#contentType)
    if (this.#reader !== undefined) this.#reader.onStart(controller)
    // It may have no end.
    else if (NDJSON.test(this.#contentType)) controller.abort(new LinesError('it comes as items, line by line'))
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#reader !== undefined) {
      this.#reader.onData(chunk)
      return
    }
    this.#bytes += chunk.length
    if (this.#bytes > this.#request.maxBytes) {
      controller.abort(new OversizeError(`it is longer than ${this.#request.maxBytes} bytes`))
      return
    }
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#reader?.onEnd()
    const [first] = this.#chunks
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
    if (this.#isOver) return
    this.#isOver = true
    this.#listener.onResponse({ status: this.#status, contentType: this.#contentType, body })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reader?.onError(error)
    this.#fail(error)
  }

  #fail(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#listener.onFailure(error)
  }
}
