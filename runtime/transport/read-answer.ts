import { printAddress } from '../api/address.js'
import type { RemotePeer } from '../api/remote-peer.js'
import { refuse, refuseMisfit } from '../errors/refuse.js'
import { decodeJson, decodeUtf8, MalformedJsonError } from '../wire/decode-json.js'
import type { ReceivedAnswer } from '../wire/exchange.js'
import { readFlag } from '../wire/flag.js'
import { toObject } from '../wire/json-object.js'
import { ERROR_RECORD_DEPTH, MAX_DEPTH } from '../wire/limits.js'
import { readErrorRecord } from '../wire/read-error-record.js'
import { FLAG_STATUS } from './write-answer.js'

/** An answer as it came. `status` is that of HTTP, whatever carried it. Bytes have to be UTF-8. */
export interface WholeAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string | Uint8Array
}

/** Reads the answer to a call. Throws `internal` for whatever no peer would have answered. */
export function readAnswer(response: WholeAnswer, peer: RemotePeer, tag: string): ReceivedAnswer {
  const value = readBody(response, peer, tag)
  if (response.status === 200) return { ok: true, value }
  const flag = response.status === FLAG_STATUS ? readFlag(value) : undefined
  if (flag !== undefined) return { ok: false, flag }
  const error = readErrorRecord(toObject(value)['error'])
  if (error !== undefined) return { ok: false, error }
  throw refuseAnswer(peer, tag, explainStatus(response.status))
}

/** Reads the answer to a call whose output is a stream, where none came: an error or a flag. Throws `internal` for anything else. */
export function readRefusedStream(response: WholeAnswer, peer: RemotePeer, tag: string): ReceivedAnswer {
  const answer = readAnswer(response, peer, tag)
  if (!answer.ok) return answer
  throw refuseMisfit('internal', printProblem(peer, tag, 'it is one output where items are meant'), RUN)
}

function readBody(response: WholeAnswer, peer: RemotePeer, tag: string): unknown {
  if (response.contentType !== 'application/json' && !/^application\/json\b/i.test(response.contentType)) {
    throw refuseAnswer(peer, tag, `it has status ${response.status} and is not JSON`)
  }
  try {
    const text = typeof response.body === 'string' ? response.body : decodeUtf8(response.body)
    return decodeJson(text, response.status === 200 ? MAX_DEPTH : MAX_DEPTH + ERROR_RECORD_DEPTH)
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error
    throw refuseAnswer(peer, tag, response.status === 200 ? error.message : explainStatus(response.status))
  }
}

function explainStatus(status: number): string {
  return `it has status ${status} and no error that netgen reads`
}

/** The error for an answer that no peer would have given. */
export function refuseAnswer(peer: RemotePeer, tag: string, problem: string): Error {
  return refuse('internal', printProblem(peer, tag, problem), RUN)
}

const RUN = { maybeExecuted: true }

function printProblem(peer: RemotePeer, tag: string, problem: string): string {
  return `the answer of ${printAddress(peer)} to ${tag} is refused: ${problem}`
}
