import { decodeJson } from './decode-json.js'
import type { ErrorRecord } from './error-record.js'
import type { ReceivedAnswer, WireAnswer } from './exchange.js'
import { readFlag, writeFlag } from './flag.js'
import { ERROR_RECORD_DEPTH, MAX_DEPTH } from './limits.js'
import { readErrorRecord } from './read-error-record.js'

/** An answer that stays in this process, as if it had travelled: written as text, and read again. */
export function receiveAnswer(answer: WireAnswer): ReceivedAnswer {
  if (answer.ok) return { ok: true, value: decodeJson(answer.body) }
  if (answer.flag !== undefined) {
    const flag = readFlag(decodeJson(writeFlag(answer.flag), MAX_DEPTH + 1))
    if (flag === undefined) throw new TypeError('expected a flag')
    return { ok: false, flag }
  }
  return { ok: false, error: receiveError(answer.error) }
}

/** The same of an error alone: its texts are cleaned as those from elsewhere. */
export function receiveError(record: ErrorRecord): ErrorRecord {
  const error = readErrorRecord(decodeJson(JSON.stringify(record), MAX_DEPTH + ERROR_RECORD_DEPTH))
  if (error === undefined) throw new TypeError('expected an error record')
  return error
}
