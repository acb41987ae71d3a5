import type { CallScope, StopListener, StopReason } from '../../../call/scope/call-scope.js'
import { refuse } from '../../../errors/refuse.js'
import type { Receiver } from '../../../wire/exchange.js'
import { MAX_ANSWER_BYTES } from '../../../wire/limits.js'
import { readAnswer } from '../../read-answer.js'
import type { EngineMessage } from '../engine.js'
import type { CallRoute } from './call-route.js'

/** The header with the status of an answer that is no output: that of HTTP. Its name, and the next, are those of ADR-32 of NATS. */
export const STATUS_HEADER = 'Nats-Service-Error-Code'

/** The header with what went wrong, in words. */
export const PROBLEM_HEADER = 'Nats-Service-Error'

/** The header of a message in the place of an answer that will not come, since the peer ends. */
export const LOST_HEADER = 'netgen-lost'

/** A call that waits for its answer. */
export class PendingCall implements StopListener {
  readonly route: CallRoute
  /** Where its answer comes, which names it too. */
  readonly reply: string
  readonly scope: CallScope
  /** How many beats it has waited. */
  beats = 0
  readonly #tag: string
  readonly #receiver: Receiver
  readonly #settle: (result: unknown) => void
  readonly #giveUp: (call: PendingCall) => boolean

  /** `giveUp` tells the other side that nobody waits any more, and answers whether anybody did. */
  constructor(
    route: CallRoute,
    reply: string,
    tag: string,
    scope: CallScope,
    receiver: Receiver,
    settle: (result: unknown) => void,
    giveUp: (call: PendingCall) => boolean,
  ) {
    this.route = route
    this.reply = reply
    this.scope = scope
    this.#tag = tag
    this.#receiver = receiver
    this.#settle = settle
    this.#giveUp = giveUp
  }

  /** Where it was sent. */
  get subject(): string {
    return this.route.findSubject(this.#tag)
  }

  receive(message: EngineMessage): void {
    try {
      this.#settle(this.#receiver.receive(this.#read(message)))
    } catch (error) {
      this.fail(error)
    }
  }

  fail(error: unknown): void {
    this.#settle(this.#receiver.fail(error))
  }

  onStop(reason: StopReason): void {
    if (this.#giveUp(this)) this.fail(this.scope.toError(reason))
  }

  #read({ data, headers }: EngineMessage): ReturnType<typeof readAnswer> {
    const { address, peer } = this.route
    if (data.length > MAX_ANSWER_BYTES) {
      const problem = `it is longer than ${MAX_ANSWER_BYTES} bytes`
      throw refuse('resource_exhausted', `the answer of ${address} is refused: ${problem}`, { maybeExecuted: true })
    }
    const status = headers?.get(STATUS)
    const answer = { status: status === undefined ? 200 : Number(status), contentType: JSON_TYPE, body: data }
    return readAnswer(answer, peer, this.#tag)
  }
}

const STATUS = STATUS_HEADER.toLowerCase()

const JSON_TYPE = 'application/json'
