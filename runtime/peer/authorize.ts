import { parseAddress } from '../api/address.js'
import { openRegistryFolder } from '../discovery/local/registry-folder.js'
import { readSharedSecret } from '../discovery/local/shared-secret.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { HttpTransport } from '../transport/http/http-transport.js'
import { Trust } from '../transport/http/trust.js'
import { createConsoleLogger } from './console-logger.js'
import { readEnvironment } from './environment.js'

/** How to be authorized. */
export interface AuthorizeOptions {
  /** The folder through which this user's peers trust each other. Default: `NET_REGISTRY`, then `~/.netgen`. */
  readonly registry?: string
  /** How long the peer may take to prove itself, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 5_000

/**
 * The headers with which any HTTP client of this user may call the peer at an address, `host:port`: what `netgen token` prints.
 * They open no other peer, and are worth nothing once this one has ended. The peer has to prove itself first.
 *
 * Rejects with `invalid_argument` for an address that is none, `unavailable` where nobody listens, and `unauthenticated` where
 * it is no peer of this user.
 */
export async function authorize(address: string, options: AuthorizeOptions = {}): Promise<Record<string, string>> {
  const target = typeof address === 'string' ? parseAddress(address) : undefined
  if (target === undefined) {
    throw refuse('invalid_argument', `address is ${printValue(address)}, expected host:port, such as 127.0.0.1:3010`)
  }
  const environment = readEnvironment(process.env)
  const { secretPath } = await openRegistryFolder(options.registry ?? environment.registry)
  const trust = new Trust(await readSharedSecret(secretPath))
  const http = new HttpTransport({ trust, port: environment.port, logger: createConsoleLogger(environment.logLevel) })
  try {
    return http.createCredentials(await http.identify(target, options.timeoutMs ?? DEFAULT_TIMEOUT_MS))
  } finally {
    await http.close()
  }
}
