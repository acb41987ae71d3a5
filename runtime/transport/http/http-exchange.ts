/** One request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Names and values in turn. */
  readonly headers: string[]
  readonly body: string | Buffer | null
  /** The longest answer, in bytes. */
  readonly maxBytes: number
  /** Asked when there is a connection to write to: whether it may still be sent. Absent: it may. */
  mayLeave?(): boolean
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
  /** With undici's error, an {@link OversizeError}, {@link LinesError} or {@link UnprovenError}, or what `abort` was given. */
  onFailure(error: Error): void
}

/** A request that is under way. */
export interface SentRequest {
  /** Ends it. Does nothing once the response is there. */
  abort(error: Error): void
}

/** What carries a request. */
export interface Carrier {
  /** The answer is whole. Called before anybody else hears of it. */
  onAnswer(): void
  /** The request was aborted before there was a connection for it. */
  onAbandon(): void
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

/** The server had closed the connection already, and read nothing of the request. */
export class LateConnectionError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'LateConnectionError' })
  }
}

/** Nothing was sent, since the peer has to prove itself again. */
export class UnprovenError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'UnprovenError' })
  }
}

/** The type of an answer that comes line by line. */
export const NDJSON: RegExp = /^application\/x-ndjson\b/i

/**
 * A request and what comes of it, as undici tells it. These are the names that undici 7 itself calls: behind the newer ones it makes
 * two objects more for each request, and a table of the answer's headers, of which one is read here.
 */
export class HttpExchange implements SentRequest, BodyFlow {
  readonly request: HttpRequest
  carrier: Carrier | undefined
  readonly #listener: ResponseListener
  #isOver = false
  #aborted: Error | undefined
  #abort: ((error: Error) => void) | undefined
  #isPaused = false
  #resume: (() => void) | undefined
  #status = 0
  #contentType = ''
  #body: Buffer | undefined
  /** All parts of a body that came in several. */
  #parts: Buffer[] | undefined
  #bytes = 0
  #reader: BodyReader | undefined

  constructor(request: HttpRequest, listener: ResponseListener) {
    this.request = request
    this.#listener = listener
  }

  /** Whether its listener was called. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether this side has ended it. */
  get isAborted(): boolean {
    return this.#aborted !== undefined
  }

  abort(error: Error): void {
    this.#aborted = error
    // While it waits for a connection there is nothing to end yet: the caller is told now, the request later.
    this.#fail(error)
    if (this.#abort === undefined) this.carrier?.onAbandon()
    else this.#abort(error)
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#resume?.()
  }

  /** There is a connection to write to. */
  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort
    if (this.#aborted !== undefined) abort(this.#aborted)
    else if (this.request.mayLeave?.() === false) abort(new UnprovenError('the peer has to prove itself again'))
    else this.request.onSend?.()
  }

  /** Answers whether to go on: else `resume` will be called. */
  onHeaders(status: number, headers: readonly Buffer[], resume: () => void): boolean {
    this.#resume = resume
    // The server closes a connection that has been idle for too long, and says so to nobody in particular (RFC 9110, 15.5.9).
    if (status === 408) this.#abort?.(new LateConnectionError('it was closed before it was used'))
    this.#status = status
    this.#contentType = findContentType(headers)
    this.#reader = this.request.findReader?.(status, this.#contentType)
    if (this.#reader !== undefined) this.#reader.onStart(this)
    // It may have no end.
    else if (NDJSON.test(this.#contentType)) this.#abort?.(new LinesError('it comes as items, line by line'))
    return !this.#isPaused
  }

  /** The same. */
  onData(chunk: Buffer): boolean {
    if (this.#reader === undefined) this.#keep(chunk)
    else this.#reader.onData(chunk)
    return !this.#isPaused
  }

  onComplete(): void {
    this.carrier?.onAnswer()
    this.#reader?.onEnd()
    if (this.#isOver) return
    this.#isOver = true
    const body = this.#parts === undefined ? this.#body : Buffer.concat(this.#parts)
    this.#listener.onResponse({ status: this.#status, contentType: this.#contentType, body: body ?? NOTHING })
  }

  onError(error: Error): void {
    this.#reader?.onError(error)
    this.#fail(error)
  }

  #keep(chunk: Buffer): void {
    this.#bytes += chunk.length
    const { maxBytes } = this.request
    if (this.#bytes > maxBytes) this.#abort?.(new OversizeError(`it is longer than ${maxBytes} bytes`))
    else if (this.#body === undefined) this.#body = chunk
    else if (this.#parts === undefined) this.#parts = [this.#body, chunk]
    else this.#parts.push(chunk)
  }

  #fail(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#listener.onFailure(error)
  }
}

const NOTHING = Buffer.alloc(0)

const CONTENT_TYPE = Buffer.from('content-type')

/** What nearly every answer is: found without a text of it being made. */
const JSON_TYPE = Buffer.from('application/json')

/** Headers as they came: names, in any case, and values in turn. */
function findContentType(headers: readonly Buffer[]): string {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]
    if (name === undefined || !isSame(name, CONTENT_TYPE, 0x20)) continue
    const value = headers[index + 1] ?? NOTHING
    return isSame(value, JSON_TYPE, 0) ? 'application/json' : value.toString('latin1')
  }
  return ''
}

/** `ignored`: bits that may be missing in what was given. Of letters, 0x20 is their case. */
function isSame(given: Buffer, wanted: Buffer, ignored: number): boolean {
  if (given.length !== wanted.length) return false
  for (let index = 0; index < wanted.length; index++) {
    if (((given[index] ?? 0) | ignored) !== wanted[index]) return false
  }
  return true
}
