import type { RemotePeer } from '../../api/remote-peer.js'
import type { CallScope, StopListener, StopReason } from '../../call/scope/call-scope.js'
import type { CallerIdentity, Receiver } from '../../wire/exchange.js'
import { MAX_ANSWER_BYTES } from '../../wire/limits.js'
import { readAnswer } from '../read-answer.js'
import { encodeBody } from './encode-body.js'
import {
  type HttpRequest,
  type HttpResponse,
  type ResponseListener,
  type SentRequest,
  UnprovenError,
} from './http-exchange.js'
import { explainFailure, isUnsent } from './request-failure.js'

/** Where calls to a peer go, and what all of them bear. */
export interface Destination {
  readonly peer: RemotePeer
  readonly address: string
  readonly caller: CallerIdentity
  /** Names and values in turn: what opens the peer's door, and who calls. */
  readonly headers: readonly string[]
  /** The headers of a call that says nothing more than its time, as most calls do, and all of them the same. */
  plain: { readonly timeLeftMs: number; readonly headers: string[] } | undefined
}

/** What of a request a call decides. */
export interface CallRequest extends Pick<HttpRequest, 'path' | 'headers'> {
  readonly body: string
}

/** One call as a request, and who waits for its response: a call needs no object more. */
export class HttpCall implements HttpRequest, ResponseListener, StopListener {
  readonly method = 'POST'
  readonly path: string
  readonly headers: string[]
  readonly body: Buffer
  readonly maxBytes: number = MAX_ANSWER_BYTES
  readonly #destination: Destination
  readonly #tag: string
  readonly #scope: CallScope
  readonly #receiver: Receiver
  readonly #settle: (result: unknown) => void
  readonly #isProven: (destination: Destination) => boolean
  #sent: SentRequest | undefined

  /**
   * `settle` is called once, with what the receiver makes of what came, or with an {@link UnprovenError}: nothing was sent. `isProven` says whether
   * its peer may still be told anything.
   */
  constructor(
    request: CallRequest,
    destination: Destination,
    tag: string,
    scope: CallScope,
    receiver: Receiver,
    settle: (result: unknown) => void,
    isProven: (destination: Destination) => boolean,
  ) {
    this.path = request.path
    this.headers = request.headers
    this.body = encodeBody(request.body)
    this.#destination = destination
    this.#tag = tag
    this.#scope = scope
    this.#receiver = receiver
    this.#settle = settle
    this.#isProven = isProven
  }

  /** It is under way: from now on the end of its scope ends it. */
  follow(sent: SentRequest): void {
    this.#sent = sent
    this.#scope.tellStop(this)
  }

  mayLeave(): boolean {
    return this.#isProven(this.#destination)
  }

  onSend(): void {
    this.#scope.maybeExecuted = true
  }

  onResponse(response: HttpResponse): void {
    try {
      this.#settle(this.#receiver.receive(readAnswer(response, this.#destination.peer, this.#tag)))
    } catch (error) {
      this.#settle(this.#receiver.fail(error))
    }
  }

  onFailure(error: Error): void {
    const { stopped, maybeExecuted } = this.#scope
    if (stopped !== undefined) this.#settle(this.#receiver.fail(error))
    else if (error instanceof UnprovenError) this.#settle(error)
    else {
      const failure = explainFailure(error, this.#destination.peer, maybeExecuted && !isUnsent(error))
      this.#settle(this.#receiver.fail(failure))
    }
  }

  onStop(reason: StopReason): void {
    this.#sent?.abort(this.#scope.toError(reason))
  }
}
