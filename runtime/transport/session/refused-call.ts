import type { MalformedJsonError } from '../../wire/decode-json.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import { MAX_DEPTH } from '../../wire/limits.js'
import { createRefusal } from '../../wire/refusal-record.js'
import { type CallHead, readCallHead } from './line.js'

/** A call whose line is not let in, and what it is answered. */
export interface RefusedCall extends CallHead {
  readonly refusal: ErrorRecord
}

/**
 * A call whose line is JSON and not let in, for its depth, its structure or a key: it is answered what it would be over HTTP, and its session goes
 * on. Answers undefined where the line is no JSON: then nothing of it can be trusted.
 */
export function readRefusedCall(line: string, { fault, code, message }: MalformedJsonError): RefusedCall | undefined {
  const head = fault === 'syntax' ? undefined : readCallHead(line)
  if (head === undefined) return undefined
  // The line itself is one level around the input.
  const problem = fault === 'depth' ? `it is deeper than ${MAX_DEPTH} levels` : message
  return { ...head, refusal: createRefusal(code, `input of ${head.tag} is refused: ${problem}`) }
}
