import { HTTP_STATUS_OF_CODE } from '../../errors/codes.js'
import type { WireAnswer } from '../../wire/exchange.js'
import { writeFlag } from '../../wire/flag.js'
import type { PassedRequest } from './passed-request.js'

/**
 * The status of an answer that is a flag (RFC 9110, 15.5.21). It is no success, lest a client that knows nothing of flags takes it for
 * the output; no error code has it, so that it is no failure either.
 */
export const FLAG_STATUS = 422

/** Answers a call: the output alone, `{"error":…}` with the status of its code, or `{"flag":"…","data":…}` with 422. */
export function writeAnswer(request: PassedRequest, answer: WireAnswer): void {
  if (answer.ok) request.answer(200, answer.body)
  else if (answer.flag !== undefined) request.answer(FLAG_STATUS, writeFlag(answer.flag))
  else request.answer(HTTP_STATUS_OF_CODE[answer.error.code], JSON.stringify({ error: answer.error }))
}
