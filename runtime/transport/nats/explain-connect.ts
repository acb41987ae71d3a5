import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import type { Authentication } from './authenticate.js'
import type { NatsErrors } from './load-nats.js'
import type { NatsSettings } from './nats-options.js'

/** What Node says of a certificate that is for another server. */
const WRONG_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID'

/** What Node says of one that nobody vouches for (its documentation of TLS, "X509 certificate error codes"). */
const UNTRUSTED = /CERT|ISSUER|INVALID_CA|UNABLE_TO_VERIFY_LEAF_SIGNATURE/

/**
 * What to throw for a connection that was not made: `unauthenticated`, `failed_precondition` where the certificates do not fit, and
 * `unavailable`; with what to do, and with no secret.
 */
export function explainConnect(
  cause: unknown,
  { urls, tls }: Pick<NatsSettings, 'urls' | 'tls'>,
  authentication: Authentication,
  errors: NatsErrors,
): Error {
  // Without what stands before the host: it may be a password.
  const engine = `engine ${urls.map(({ host }) => printValue(host)).join(', ')}`
  if (cause instanceof errors.AuthorizationError || cause instanceof errors.UserAuthenticationExpiredError)
    return refuse('unauthenticated', `${engine} ${authentication.explain()}`, { cause })
  const problem = findTlsProblem(cause)
  if (problem !== undefined) return refuse('failed_precondition', `${engine} ${problem}`, { cause })
  // Since TLS 1.3 a server says only after the handshake that a certificate is missing, and the client of NATS drops what it says.
  const hint =
    cause instanceof errors.TimeoutError && tls?.hasCertificate !== true
      ? '; where it wants a certificate of its users, set tls of nats of netgen/nats'
      : ''
  return refuse('unavailable', `${engine} does not answer: start it, or correct the URL${hint}`, { cause })
}

function findTlsProblem(cause: unknown): string | undefined {
  const { code, message, cause: inner } = toFailure(cause)
  if (message === "server does not support 'tls'")
    return 'offers no TLS: give it a certificate, or take nats:// and no tls to reach it without'
  for (const known of [code, toFailure(inner).code]) {
    if (typeof known !== 'string') continue
    if (known === WRONG_NAME)
      return `has a certificate for another name, ${known}: set tls.servername of nats of netgen/nats to a name that it bears`
    if (UNTRUSTED.test(known))
      return `has a certificate that is not trusted here, ${known}: set tls.ca of nats of netgen/nats to its authority, or NODE_EXTRA_CA_CERTS`
  }
  return undefined
}

function toFailure(value: unknown): { readonly code?: unknown; readonly message?: unknown; readonly cause?: unknown } {
  return typeof value === 'object' && value !== null ? value : {}
}
