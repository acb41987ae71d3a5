import type { CallScope } from '../../call/scope/call-scope.js'
import { MAX_ANSWER_BYTES } from '../../wire/limits.js'
import type { WireStreamCall } from '../../wire/streams.js'
import { readRefusedStream, refuseAnswer } from '../read-answer.js'
import type { CallRequest, Destination } from './http-call.js'
import type { HttpClient } from './http-client.js'
import { NDJSON, UnprovenError } from './http-exchange.js'
import { ReceivedLines } from './received-lines.js'
import { explainFailure, isUnsent } from './request-failure.js'

/** What a stream asks of its transport. */
export interface HttpStreamOwner {
  writeRequest(destination: Destination, call: WireStreamCall): CallRequest
  /** Whether a peer may still be told anything. */
  isProven(destination: Destination): boolean
  /** Has a peer prove itself. Rejects where it does not, or the call is stopped meanwhile. */
  prove(destination: Destination, scope: CallScope): Promise<Destination>
}

/** One call as a request whose answer comes line by line. */
export class HttpStream {
  readonly lines: ReceivedLines
  readonly #client: HttpClient
  readonly #owner: HttpStreamOwner
  readonly #call: WireStreamCall
  readonly #scope: CallScope

  constructor(
    client: HttpClient,
    owner: HttpStreamOwner,
    call: WireStreamCall,
    scope: CallScope,
    { peer }: Destination,
  ) {
    this.#client = client
    this.#owner = owner
    this.#call = call
    this.#scope = scope
    this.lines = new ReceivedLines({
      refuse: (problem) => refuseAnswer(peer, call.tag, problem),
      explain: (error) => explainFailure(error, peer, scope.maybeExecuted && !isUnsent(error)),
    })
  }

  /** Resolves when the answer has ended, however. */
  async send(destination: Destination): Promise<void> {
    try {
      const response = await this.#request(destination)
      // What came line by line is read already; anything else is the answer to a call that failed.
      if (!this.lines.hasBegun) this.lines.answer(readRefusedStream(response, destination.peer, this.#call.tag))
    } catch (error) {
      if (error instanceof UnprovenError && this.#scope.stopped === undefined) await this.#sendAgain(destination)
      else this.lines.onError(error as Error)
    }
  }

  /** Nothing of it has left: while it waited for a connection, another one has ended. */
  async #sendAgain(destination: Destination): Promise<void> {
    const proven = await this.#owner.prove(destination, this.#scope).catch((error: Error) => error)
    if (proven instanceof Error) this.lines.onError(proven)
    else await this.send(proven)
  }

  #request(destination: Destination): ReturnType<HttpClient['request']>['response'] {
    const scope = this.#scope
    const { lines } = this
    const exchange = this.#client.request(destination.address, {
      ...this.#owner.writeRequest(destination, { ...this.#call, timeLeftMs: scope.sentTimeLeftMs }),
      method: 'POST',
      maxBytes: MAX_ANSWER_BYTES,
      mayLeave: () => this.#owner.isProven(destination),
      onSend: () => {
        scope.maybeExecuted = true
      },
      findReader: (status, contentType) => (status === 200 && NDJSON.test(contentType) ? lines : undefined),
    })
    scope.onStop((reason) => {
      lines.stop(scope.toError(reason))
      exchange.abort(scope.toError(reason))
    })
    return exchange.response
  }
}
