import type { CallScope, StopListener, StopReason } from '../../../call/scope/call-scope.js'
import { refuse } from '../../../errors/refuse.js'
import type { Receiver } from '../../../wire/exchange.js'
import { MAX_ANSWER_BYTES } from '../../../wire/limits.js'
import { readAnswer } from '../../read-answer.js'
import type { CallRoute } from './call-route.js'
import type { CalledConnection } from './called-connection.js'

/** A call that waits for its answer. */
export class PendingCall implements StopListener {
  readonly route: CallRoute
  readonly connection: CalledConnection
  readonly id: number
  readonly scope: CallScope
  /** Which of the messages to its connection it is part of. */
  message = 0
  /** How many beats it has waited. */
  beats = 0
  readonly #receiver: Receiver
  readonly #settle: (result: unknown) => void
  readonly #giveUp: (call: PendingCall) => boolean

  /** `giveUp` tells the other side that nobody waits any more, and answers whether anybody did. */
  constructor(
    route: CallRoute,
    connection: CalledConnection,
    id: number,
    scope: CallScope,
    receiver: Receiver,
    settle: (result: unknown) => void,
    giveUp: (call: PendingCall) => boolean,
  ) {
    this.route = route
    this.connection = connection
    this.id = id
    this.scope = scope
    this.#receiver = receiver
    this.#settle = settle
    this.#giveUp = giveUp
  }

  receive(status: number, body: string | Uint8Array): void {
    try {
      const { peer } = this.route
      this.#settle(
        this.#receiver.receive(readAnswer({ status, contentType: JSON_TYPE, body }, peer, this.connection.tag)),
      )
    } catch (error) {
      this.fail(error)
    }
  }

  /** Its answer is longer than one may be: nothing of it is read. */
  refuseExcess(): void {
    const problem = `it is longer than ${MAX_ANSWER_BYTES} bytes`
    const message = `the answer of ${this.route.address} is refused: ${problem}`
    this.fail(refuse('resource_exhausted', message, { maybeExecuted: true }))
  }

  fail(error: unknown): void {
    this.#settle(this.#receiver.fail(error))
  }

  onStop(reason: StopReason): void {
    if (this.#giveUp(this)) this.fail(this.scope.toError(reason))
  }
}

const JSON_TYPE = 'application/json'
