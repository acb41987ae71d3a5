import { cleanLine } from '../../../errors/clean-text.js'
import { HTTP_STATUS_OF_CODE } from '../../../errors/codes.js'
import { cutText } from '../../../errors/print-value.js'
import { createRefusal } from '../../../wire/refusal-record.js'
import type { Answerable } from '../../write-answer.js'
import type { Engine } from '../engine.js'

/** The header with the status of an answer that is no output: that of HTTP. Its name, and the next, are those of ADR-32 of NATS. */
const STATUS_HEADER = 'Nats-Service-Error-Code'

/** The header with what went wrong, in words. */
const PROBLEM_HEADER = 'Nats-Service-Error'

/** The header of a message in the place of an answer that will not come, since the peer ends. */
const LOST_HEADER = 'netgen-lost'

/** How long a header may say what went wrong, in UTF-16 units: the body says all of it. */
const MAX_PROBLEM_LENGTH = 200

/** Where the answer to one call goes. */
export interface Reply extends Answerable {
  /** Names the call among all that are served: no other one is answered there. */
  readonly key: string
  /** Says that there will be no answer, since this peer ends; whether the handler goes on nobody knows. */
  lose(): void
}

/** The answer to a client of NATS: an output is its message; what is none has headers besides that say so, as ADR-32 of NATS has them. */
export class ClientReply implements Reply {
  /** Where it goes. */
  readonly key: string
  readonly #engine: Engine
  readonly #tag: string

  constructor(engine: Engine, subject: string, tag: string) {
    this.#engine = engine
    this.key = subject
    this.#tag = tag
  }

  answer(status: number, body: string, problem?: string): void {
    const fields =
      status === 200 ? undefined : [STATUS_HEADER, String(status), PROBLEM_HEADER, printProblem(problem ?? 'an error')]
    const headers = fields && this.#engine.createHeaders(fields)
    const maxBytes = this.#engine.maxBytes - (headers?.bytes ?? 0)
    // UTF-8 has at most three bytes for each unit of UTF-16: most answers need no counting.
    if (body.length * 3 <= maxBytes || Buffer.byteLength(body) <= maxBytes)
      this.#engine.publish(this.key, body, undefined, headers)
    else refuseOversize(this, this.#tag, body, this.#engine.maxBytes)
  }

  lose(): void {
    const problem = `${this.#tag} was not answered: the peer has ended`
    const error = { ...createRefusal('unavailable', problem), maybeExecuted: true }
    const status = String(HTTP_STATUS_OF_CODE.unavailable)
    const fields = [STATUS_HEADER, status, PROBLEM_HEADER, printProblem(problem), LOST_HEADER, 'true']
    this.#engine.publish(this.key, JSON.stringify({ error }), undefined, this.#engine.createHeaders(fields))
  }
}

/** Answers that the output is longer than a message may be. */
export function refuseOversize(reply: Reply, tag: string, body: string, maxBytes: number): void {
  const limit = `the engine takes ${maxBytes} in one message`
  const remedy = "answer it in parts, or raise the server's max_payload"
  const size = `it has ${Buffer.byteLength(body)} bytes of JSON`
  const problem = `answer to ${tag} is refused: ${size}, and ${limit}: ${remedy}`
  const error = { ...createRefusal('resource_exhausted', problem), maybeExecuted: true }
  reply.answer(HTTP_STATUS_OF_CODE.resource_exhausted, JSON.stringify({ error }), problem)
}

/** Headers are of one line. */
function printProblem(problem: string): string {
  return cutText(cleanLine(problem), MAX_PROBLEM_LENGTH)
}
