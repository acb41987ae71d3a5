import { readServers } from '../../api/engine-servers.js'
import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import { hintAt } from '../../errors/suggest.js'
import { createTls, type Tls } from '../http/tls.js'
import { BEAT_RANGE, DEFAULT_BEAT_MS, isBeatMs } from './beat-range.js'
import { type Login, readLogin } from './login.js'

/** How an engine is reached, and as whom. There is one way to log in at most; a user in a URL is one. */
export interface NatsOptions {
  /** The URL of a server, or of several of one cluster, such as `nats://localhost:4222`; with `tls://` it has to have TLS. */
  readonly servers: string | readonly string[]
  /** The name of a user, with its password. */
  readonly user?: string
  readonly password?: string
  /** What a server without users wants to be told. */
  readonly token?: string
  /** The seed of a user's nkey: 58 letters and digits, which begin with SU. */
  readonly nkeySeed?: string
  /** A file with that seed, for this user alone. */
  readonly nkeyFile?: string
  /** A credentials file as `nsc` writes it, for this user alone. It is read again whenever the connection was lost. */
  readonly credentialsFile?: string
  /** Certificates: the servers have to have TLS. Default: TLS where the servers want it. */
  readonly tls?: NatsTlsOptions
  /**
   * How often a peer says that it is there, in milliseconds, from 100 to 60,000. Who has said nothing for four times as long is gone, so
   * that more is cheaper, and later known. Default: 600.
   */
  readonly beatMs?: number
  /** Whether only peers of the own group are heard, and found: for engines with many groups. Default: false. */
  readonly ownGroupOnly?: boolean
}

/** Certificates, as PEM texts. That those of the servers are checked cannot be switched off. */
export interface NatsTlsOptions {
  /** This user's certificate, where the servers want one, with those between it and the authority. */
  readonly cert?: string | Buffer
  /** Its private key, without a passphrase. */
  readonly key?: string | Buffer
  /** Who signs the certificates of the servers. Default: the authorities that Node knows. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[]
  /** The name that every server's certificate bears. Default: each bears the name, or the IP address, in its URL. */
  readonly servername?: string
}

/** What was read of it. */
export interface NatsSettings {
  readonly urls: readonly URL[]
  /** Undefined: nobody in particular. */
  readonly login: Login | undefined
  /** Undefined: as the servers want it. */
  readonly tls: NatsTls | undefined
  readonly beats: BeatSettings
}

/** How peers tell each other that they are there. */
export interface BeatSettings {
  /** How often, in milliseconds. */
  readonly beatMs: number
  /** Whether only those of the own group are heard. */
  readonly ownGroupOnly: boolean
}

/** What connections are encrypted with. */
export interface NatsTls {
  /** Whether it has one of this user's own. */
  readonly hasCertificate: boolean
  readonly client: Tls['client']
}

const KNOWN: readonly (keyof NatsOptions)[] = [
  'servers',
  'user',
  'password',
  'token',
  'nkeySeed',
  'nkeyFile',
  'credentialsFile',
  'tls',
  'beatMs',
  'ownGroupOnly',
]
const KNOWN_OF_TLS: readonly (keyof NatsTlsOptions)[] = ['cert', 'key', 'ca', 'servername']

/**
 * Reads how an engine is reached. Throws `invalid_argument` for no options, an unknown one, a value that it does not take, and two ways to
 * log in; never with a secret in its text.
 */
export function readNatsOptions(options: NatsOptions): NatsSettings {
  const given: unknown = options
  // Without showing it: a URL may hold a password.
  if (typeof given !== 'object' || given === null)
    throw refuse(
      'invalid_argument',
      'options of nats are none: expected { servers }, URLs such as nats://localhost:4222',
    )
  refuseUnknown(given, KNOWN, '')
  const urls = readServers(options.servers, 'option servers of nats')
  return { urls, login: readLogin(options, urls), tls: readTls(options.tls), beats: readBeats(options) }
}

function readBeats({ beatMs = DEFAULT_BEAT_MS, ownGroupOnly = false }: NatsOptions): BeatSettings {
  if (!isBeatMs(beatMs))
    throw refuse('invalid_argument', `option beatMs of nats is ${printValue(beatMs)}, expected ${BEAT_RANGE}`)
  if (typeof ownGroupOnly !== 'boolean')
    throw refuse(
      'invalid_argument',
      `option ownGroupOnly of nats is ${printValue(ownGroupOnly)}, expected true or false`,
    )
  return { beatMs, ownGroupOnly }
}

function readTls(tls: unknown): NatsTls | undefined {
  if (tls === undefined) return undefined
  if (typeof tls !== 'object' || tls === null)
    throw refuse('invalid_argument', 'option tls of nats is none: expected { ca, cert, key }, as PEM texts')
  refuseUnknown(tls, KNOWN_OF_TLS, 'tls.')
  return { hasCertificate: 'cert' in tls, client: createTls(tls, 'nats').client }
}

function refuseUnknown(options: object, known: readonly string[], prefix: string): void {
  const key = Object.keys(options).find((name) => !known.includes(name))
  if (key === undefined) return
  throw refuse('invalid_argument', `option ${printValue(`${prefix}${key}`)} of nats is unknown: ${hintAt(key, known)}`)
}
