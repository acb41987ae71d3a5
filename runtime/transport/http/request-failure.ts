import { type Address, printAddress } from '../../api/address.js'
import { cleanLine } from '../../errors/clean-text.js'
import type { NetgenError } from '../../errors/netgen-error.js'
import { isRefusal, refuse, refuseGone, refuseMisfit } from '../../errors/refuse.js'
import { LateConnectionError, LinesError, OversizeError, UnprovenError } from './http-exchange.js'

/** Failures of connecting: the request certainly did not leave. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Whether a request failed before there was a connection, or on one that the other side had given up. */
export function isUnsent(error: unknown): boolean {
  return UNSENT.has(readCode(error)) || error instanceof LateConnectionError || error instanceof UnprovenError
}

/** The error for a request that got no answer that can be read. Refusals pass as they are. */
export function explainFailure(error: unknown, address: Address, maybeExecuted: boolean): NetgenError {
  if (isRefusal(error)) return error
  const at = printAddress(address)
  if (error instanceof OversizeError) {
    return refuse('resource_exhausted', `the answer of ${at} is refused: ${error.message}`, { maybeExecuted })
  }
  if (error instanceof LinesError) {
    const problem = 'it is a stream of items where one output is meant'
    return refuseMisfit('internal', `the answer of ${at} is refused: ${problem}`, { maybeExecuted })
  }
  const code = readCode(error)
  const options = { maybeExecuted, cause: error }
  if (code === 'ECONNREFUSED') {
    return refuseGone(`no peer listens at ${at}: it has ended, or never ran there`, options)
  }
  if (isTlsError(code)) {
    const problem = error instanceof Error ? cleanLine(error.message) : code
    // Before TLS is agreed on, no request is read.
    return refuse('failed_precondition', `${at} and this peer do not agree on TLS: ${problem}`, {
      maybeExecuted: false,
      cause: error,
    })
  }
  if (isParserError(error) || code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return refuse('internal', `the answer of ${at} is refused: it is no HTTP that netgen reads`, options)
  }
  const effect = maybeExecuted ? 'the handler may have run' : 'the handler has not run'
  return refuse('unavailable', `the connection to ${at} was lost: ${effect}`, options)
}

/** Node's codes for certificates that it refuses, which are those of OpenSSL, and for handshakes that fail. */
function isTlsError(code: string): boolean {
  return /^(?:ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO$)/.test(code)
}

/** undici's errors of this kind have a code only sometimes; Node's have one of its parser, also where a WebSocket is asked for. */
function isParserError(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === 'HTTPParserError' || readCode(error).startsWith('HPE_')
}

function readCode(error: unknown): string {
  const code: unknown = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}
