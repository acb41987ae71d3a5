import { parseAddress } from '../api/address.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { HttpTransport } from '../transport/http/http-transport.js'
import { createTls, type TlsOptions } from '../transport/http/tls.js'
import { createConsoleLogger } from './console-logger.js'
import { readEnvironment } from './environment.js'
import { type NetworkOptions, readKeySource } from './network-options.js'
import { openTrust } from './open-trust.js'

/** How to be authorized. */
export interface AuthorizeOptions extends Pick<NetworkOptions, 'key' | 'keyFile'> {
  /** The folder through which this user's peers trust each other. Default: `NET_REGISTRY`, then `~/.netgen`. */
  readonly registry?: string
  /** For a peer that encrypts: who signs its certificate, and a certificate of this client's where it asks for one. */
  readonly tls?: Partial<TlsOptions>
  /** How long the peer may take to prove itself, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number
}

const HTTPS = 'https://'

const DEFAULT_TIMEOUT_MS = 5_000

/**
 * The headers with which any HTTP client of this user may call the peer at an address, `host:port`: what `netgen token` prints. Of a
 * peer that encrypts, the address is `https://host:port`.
 * They open no other peer, and are worth nothing once this one has ended. The peer has to prove itself first.
 *
 * Rejects with `invalid_argument` for an address that is none, `unavailable` where nobody listens, and `unauthenticated` where
 * it is no peer of this user, or none with the key that was given.
 */
export async function authorize(address: string, options: AuthorizeOptions = {}): Promise<Record<string, string>> {
  const isEncrypted = typeof address === 'string' && address.startsWith(HTTPS)
  const target =
    typeof address === 'string' ? parseAddress(isEncrypted ? address.slice(HTTPS.length) : address) : undefined
  if (target === undefined) {
    throw refuse('invalid_argument', `address is ${printValue(address)}, expected host:port, such as 127.0.0.1:3010`)
  }
  const environment = readEnvironment(process.env)
  const { trust } = await openTrust(options.registry ?? environment.registry, readKeySource(options, environment))
  const place = { host: undefined, port: environment.port, advertise: undefined, names: [] }
  const tls = isEncrypted || options.tls !== undefined ? createTls(options.tls ?? {}, 'authorize') : undefined
  const http = new HttpTransport({ trust, place, tls, logger: createConsoleLogger(environment.logLevel) })
  try {
    return http.createCredentials(await http.identify(target, options.timeoutMs ?? DEFAULT_TIMEOUT_MS))
  } finally {
    await http.close()
  }
}
