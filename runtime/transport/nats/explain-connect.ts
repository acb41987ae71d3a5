import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import type { Authentication } from './authenticate.js'
import type { NatsErrors } from './load-nats.js'

/** What Node and OpenSSL say of a certificate that they do not take (`X509_V_ERR_*`, and Node's own). */
const CERTIFICATE_PROBLEM =
  /CERT|SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_CERT_ALTNAME_INVALID/

/** What becomes of a connection that was not made: an error with what to do. Of the URLs, without what stands before the host. */
export function explainConnect(
  cause: unknown,
  urls: readonly URL[],
  authentication: Authentication,
  errors: NatsErrors,
): Error {
  const engine = `engine ${urls.map(({ host }) => printValue(host)).join(', ')}`
  if (cause instanceof errors.AuthorizationError || cause instanceof errors.UserAuthenticationExpiredError)
    return refuse('unauthenticated', `${engine} ${authentication.explain()}`, { cause })
  const problem = findTlsProblem(cause)
  if (problem !== undefined) return refuse('failed_precondition', `${engine} ${problem}`, { cause })
  return refuse('unavailable', `${engine} does not answer: start it, or correct the URL`, { cause })
}

function findTlsProblem(cause: unknown): string | undefined {
  const { code, message, cause: inner } = toFailure(cause)
  if (message === "server does not support 'tls'")
    return 'offers no TLS: give it a certificate, or take nats:// and no tls to reach it without'
  for (const known of [code, toFailure(inner).code]) {
    if (typeof known !== 'string') continue
    if (known === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' || /ALERT_(?:BAD|UNKNOWN)_/.test(known))
      return 'does not take the certificate of this peer, or misses one: set tls.cert and tls.key of nats of netgen/nats'
    if (CERTIFICATE_PROBLEM.test(known))
      return `has a certificate that is not trusted here, ${known}: set tls.ca of nats of netgen/nats to its authority, or NODE_EXTRA_CA_CERTS`
  }
  return undefined
}

function toFailure(value: unknown): { readonly code?: unknown; readonly message?: unknown; readonly cause?: unknown } {
  return typeof value === 'object' && value !== null ? value : {}
}
