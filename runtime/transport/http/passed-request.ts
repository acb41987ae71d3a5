import type { ServerResponse } from 'node:http'
import type { Address } from '../../api/address.js'
import { type AnswerLines, openLines } from './answer-lines.js'
import { encodeText } from './encode-text.js'
import type { Route } from './gate.js'
import { limitUnread } from './limit-unread.js'
import type { ReceivedRequest } from './received-request.js'

/** Where a request leads that is answered by the peer, and not by its server. */
export type AnsweredRoute = Exclude<Route, { kind: 'preflight' }>

/** A request whose head has passed the gate. */
export interface PassedRequest {
  readonly route: AnsweredRoute
  /** The address that the client dialled: the one that its connection came to, or the advertised one. */
  readonly dialled: Address
  /** Empty for requests without a body. */
  readonly body: Buffer
  /** Calls the listener once where the client goes away before it has the whole answer. */
  onAbandon(listener: () => void): void
  answer(status: number, body: string): void
  /** Begins an answer of lines (NDJSON). */
  openLines(): AnswerLines
}

/** What a request asks of its server. */
export interface AnsweringServer {
  /** Whether answers are the last ones of their connections. */
  readonly isLeaving: boolean
  /** The address that the client of a request dialled. */
  findDialled(request: ReceivedRequest): Address
}

/** A request, and the response that it waits for. */
export class AnswerableRequest implements PassedRequest {
  readonly route: AnsweredRoute
  readonly body: Buffer
  readonly #server: AnsweringServer
  readonly #request: ReceivedRequest
  readonly #response: ServerResponse

  constructor(
    server: AnsweringServer,
    request: ReceivedRequest,
    response: ServerResponse,
    route: AnsweredRoute,
    body: Buffer,
  ) {
    this.#server = server
    this.#request = request
    this.#response = response
    this.route = route
    this.body = body
  }

  get dialled(): Address {
    return this.#server.findDialled(this.#request)
  }

  onAbandon(listener: () => void): void {
    const response = this.#response
    response.once('close', () => response.writableFinished || listener())
  }

  answer(status: number, body: string): void {
    if (this.#server.isLeaving) this.#response.shouldKeepAlive = false
    writeJson(this.#response, status, body)
  }

  openLines(): AnswerLines {
    if (this.#server.isLeaving) this.#response.shouldKeepAlive = false
    return openLines(this.#response)
  }
}

/** Gives a whole answer of JSON. */
export function writeJson(response: ServerResponse, status: number, json: string): void {
  const { text, encoding, bytes } = encodeText(json)
  response.writeHead(status, [
    'content-type',
    'application/json',
    'content-length',
    String(bytes),
    // A browser that was led here shall neither guess a type nor keep the answer.
    'x-content-type-options',
    'nosniff',
    'cache-control',
    'no-store',
  ])
  response.end(text, encoding)
  limitUnread(response)
}
