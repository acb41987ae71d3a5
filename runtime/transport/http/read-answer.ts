import { printAddress } from '../../api/address.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { refuse } from '../../errors/refuse.js'
import { decodeJson, decodeUtf8, MalformedJsonError } from '../../wire/decode-json.js'
import type { WireAnswer } from '../../wire/exchange.js'
import { readErrorRecord } from '../../wire/read-error-record.js'
import type { HttpResponse } from './http-client.js'

/** Reads the answer to a call. Throws `internal` for whatever no peer would have answered. */
export function readAnswer(response: HttpResponse, peer: RemotePeer, tag: string): WireAnswer {
  const body = readBody(response, peer, tag)
  if (response.status === 200) return { ok: true, body }
  const error = readErrorRecord(readErrorValue(body))
  if (error !== undefined) return { ok: false, error }
  throw refuseAnswer(peer, tag, `it has status ${response.status} and no error that netgen reads`)
}

function readBody(response: HttpResponse, peer: RemotePeer, tag: string): string {
  if (!/^application\/json\b/i.test(response.contentType)) {
    throw refuseAnswer(peer, tag, `it has status ${response.status} and is not JSON`)
  }
  try {
    return decodeUtf8(response.body)
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error
    throw refuseAnswer(peer, tag, error.message)
  }
}

function readErrorValue(body: string): unknown {
  try {
    const value = decodeJson(body)
    return typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined
  } catch (error) {
    if (error instanceof MalformedJsonError) return undefined
    throw error
  }
}

function refuseAnswer(peer: RemotePeer, tag: string, problem: string): Error {
  return refuse('internal', `the answer of ${printAddress(peer)} to ${tag} is refused: ${problem}`, {
    maybeExecuted: true,
  })
}
