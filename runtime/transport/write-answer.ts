import { HTTP_STATUS_OF_CODE } from '../errors/codes.js'
import type { WireAnswer } from '../wire/exchange.js'
import { writeFlag } from '../wire/flag.js'

/**
 * The status of an answer that is a flag (RFC 9110, 15.5.21). It is no success, lest a client that knows nothing of flags takes it for
 * the output; no error code has it, so that it is no failure either.
 */
export const FLAG_STATUS = 422

/** What waits for an answer. */
export interface Answerable {
  /** Gives it. `problem` is what went wrong, in words, for whoever reads no body. */
  answer(status: number, body: string, problem?: string): void
}

/** Answers a call: the output alone, `{"error":…}` with the status of its code, or `{"flag":"…","data":…}` with 422. */
export function writeAnswer(request: Answerable, answer: WireAnswer): void {
  if (answer.ok) request.answer(200, answer.body)
  else if (answer.flag !== undefined) request.answer(FLAG_STATUS, writeFlag(answer.flag), `flag ${answer.flag.tag}`)
  else {
    const { error } = answer
    request.answer(HTTP_STATUS_OF_CODE[error.code], JSON.stringify({ error }), error.message)
  }
}
