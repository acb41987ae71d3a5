import { createSecureContext, type SecureContext } from 'node:tls'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import { hintAt } from '../../errors/suggest.js'

/** Certificates for what a peer sends and receives, as PEM texts. That those of others are checked cannot be switched off. */
export interface TlsOptions {
  /** This peer's certificate, with those between it and the authority. */
  readonly cert: string | Buffer
  /** Its private key, without a passphrase. */
  readonly key: string | Buffer
  /** Who signs the certificates of peers. Default: the authorities that Node knows. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[]
  /** Mutual TLS: whoever connects needs a certificate of these authorities too. Default: false. */
  readonly requestCert?: boolean
  /** The name that every peer's certificate bears. Default: each bears the IP address at which the peer is reached. */
  readonly servername?: string
}

/** What servers and clients of TLS are made with. */
export interface Tls {
  readonly server: {
    readonly cert?: string | Buffer
    readonly key?: string | Buffer
    readonly ca?: (string | Buffer)[]
    readonly requestCert: boolean
    readonly rejectUnauthorized: true
    readonly minVersion: 'TLSv1.2'
    readonly handshakeTimeout: number
  }
  readonly client: {
    readonly secureContext: SecureContext
    readonly servername?: string
    /** Said, since an environment variable of Node's would switch it off. */
    readonly rejectUnauthorized: true
  }
}

/** How long a connection may take to agree on TLS, in milliseconds: as long as for its headers. */
const HANDSHAKE_TIMEOUT_MS = 10_000

const KNOWN: readonly (keyof TlsOptions)[] = ['cert', 'key', 'ca', 'requestCert', 'servername']

/** Of which function the certificates are an option. */
type Owner = 'createPeer' | 'authorize' | 'nats'

/**
 * Reads certificates. Whoever only calls needs none of its own.
 *
 * Throws `invalid_argument` for an unknown key, for what is no PEM text, for a certificate without its key, and for certificates that
 * cannot be used, without showing them.
 */
export function createTls(options: Partial<TlsOptions>, owner: Owner): Tls {
  for (const key of Object.keys(options)) if (!KNOWN.some((known) => known === key)) throw refuseKey(key, owner)
  const { cert, key, ca, requestCert = false, servername } = options
  if (cert !== undefined && !isPem(cert)) throw refuseHidden('cert', 'a certificate as a PEM text', owner)
  if (key !== undefined && !isPem(key)) throw refuseHidden('key', 'a private key as a PEM text', owner)
  if ((cert === undefined) !== (key === undefined)) {
    const [given, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key']
    throw refuse('invalid_argument', `option tls of ${owner} has ${given} and no ${missing}: set both, or neither`)
  }
  if (typeof requestCert !== 'boolean') throw refuseValue('requestCert', requestCert, 'true or false', owner)
  if (servername !== undefined && (typeof servername !== 'string' || servername === '')) {
    throw refuseValue('servername', servername, 'a host name', owner)
  }
  const paths = listWithoutPem({ cert, key, ca })
  if (paths.length > 0) {
    throw refuse(
      'invalid_argument',
      `option tls of ${owner} holds no certificates that can be used: nothing in ${paths.join(' and ')} begins with ${PEM_BEGIN}: give the PEM text, not a path`,
    )
  }
  const material = {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(ca !== undefined && { ca: readAuthorities(ca, owner) }),
    minVersion: 'TLSv1.2' as const,
  }
  return {
    server: { ...material, requestCert, rejectUnauthorized: true, handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
    client: { secureContext: load(material, owner), ...(servername && { servername }), rejectUnauthorized: true },
  }
}

/** One or more. An empty list would trust nobody, and Node takes an empty text for none given. */
function readAuthorities(ca: unknown, owner: Owner): (string | Buffer)[] {
  const all: readonly unknown[] = Array.isArray(ca) ? ca : [ca]
  if (all.length > 0 && all.every(isPem)) return [...all]
  throw refuseHidden('ca', 'certificates of authorities as a PEM text, or a list of some', owner)
}

function isPem(value: unknown): value is string | Buffer {
  return (typeof value === 'string' || Buffer.isBuffer(value)) && value.length > 0
}

const PEM_BEGIN = '-----BEGIN'

/** The options that hold something else than a PEM text, as a path is. OpenSSL says it of the first only, and nothing of an authority. */
function listWithoutPem(options: Readonly<Record<'cert' | 'key' | 'ca', unknown>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const texts = Array.isArray(value) ? value : [value]
    return texts.every((text) => !isPem(text) || text.includes(PEM_BEGIN)) ? [] : [`tls.${name}`]
  })
}

function load(material: Parameters<typeof createSecureContext>[0], owner: Owner): SecureContext {
  try {
    return createSecureContext(material)
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw refuse('invalid_argument', `option tls of ${owner} holds no certificates that can be used: ${problem}`, {
      cause,
    })
  }
}

function refuseKey(key: string, owner: Owner): Error {
  return refuse('invalid_argument', `option ${printValue(`tls.${key}`)} of ${owner} is unknown: ${hintAt(key, KNOWN)}`)
}

function refuseValue(key: string, value: unknown, expected: string, owner: Owner): Error {
  return refuse('invalid_argument', `option tls.${key} of ${owner} is ${printValue(value)}, expected ${expected}`)
}

/** What is wrong with a secret is said without showing it. */
function refuseHidden(key: string, expected: string, owner: Owner): Error {
  return refuse('invalid_argument', `option tls.${key} of ${owner} is something else than ${expected}`)
}
