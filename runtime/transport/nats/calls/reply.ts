import { cleanLine } from '../../../errors/clean-text.js'
import { HTTP_STATUS_OF_CODE } from '../../../errors/codes.js'
import { cutText } from '../../../errors/print-value.js'
import { createRefusal } from '../../../wire/refusal-record.js'
import type { Answerable } from '../../write-answer.js'
import type { Engine } from '../engine.js'
import { LOST_HEADER, PROBLEM_HEADER, STATUS_HEADER } from './pending-call.js'

/** How long a header may say what went wrong, in UTF-16 units: the body says all of it. */
const MAX_PROBLEM_LENGTH = 200

/** The answer to one request. An output is its message; what is none has headers besides that say so, as ADR-32 of NATS has them. */
export class Reply implements Answerable {
  readonly #engine: Engine
  readonly #subject: string
  readonly #tag: string

  constructor(engine: Engine, subject: string, tag: string) {
    this.#engine = engine
    this.#subject = subject
    this.#tag = tag
  }

  answer(status: number, body: string, problem?: string): void {
    const fields =
      status === 200 ? undefined : [STATUS_HEADER, String(status), PROBLEM_HEADER, printProblem(problem ?? 'an error')]
    const headers = fields && this.#engine.createHeaders(fields)
    const maxBytes = this.#engine.maxBytes - (headers?.bytes ?? 0)
    // UTF-8 has at most three bytes for each unit of UTF-16: most answers need no counting.
    const bytes = body.length * 3 <= maxBytes ? 0 : Buffer.byteLength(body)
    if (bytes <= maxBytes) this.#engine.publish(this.#subject, body, undefined, headers)
    else this.#refuseOversize(bytes)
  }

  /** Says that there will be no answer, since this peer ends; whether the handler goes on nobody knows. */
  lose(): void {
    const problem = `${this.#tag} was not answered: the peer has ended`
    const error = { ...createRefusal('unavailable', problem), maybeExecuted: true }
    const status = String(HTTP_STATUS_OF_CODE.unavailable)
    const fields = [STATUS_HEADER, status, PROBLEM_HEADER, printProblem(problem), LOST_HEADER, 'true']
    this.#engine.publish(this.#subject, JSON.stringify({ error }), undefined, this.#engine.createHeaders(fields))
  }

  #refuseOversize(bytes: number): void {
    const limit = `the engine takes ${this.#engine.maxBytes} in one message`
    const remedy = "answer it in parts, or raise the server's max_payload"
    const problem = `answer to ${this.#tag} is refused: it has ${bytes} bytes of JSON, and ${limit}: ${remedy}`
    const error = { ...createRefusal('resource_exhausted', problem), maybeExecuted: true }
    this.answer(HTTP_STATUS_OF_CODE.resource_exhausted, JSON.stringify({ error }), problem)
  }
}

/** Headers are of one line. */
function printProblem(problem: string): string {
  return cutText(cleanLine(problem), MAX_PROBLEM_LENGTH)
}
