import { isLoopback, isWildcard, parseAddress, parseIP } from '../api/address.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import type { AdvertisedAddress, OtherNames } from '../transport/http/own-names.js'
import { createTls, type Tls, type TlsOptions } from '../transport/http/tls.js'
import type { KeySource } from './group-key.js'

/** Where a peer can be reached, and by whom: a part of `PeerOptions`. */
export interface NetworkOptions {
  /**
   * An IP address of this machine to listen on; `0.0.0.0` or `::` for all of them. Whatever others can reach needs a key. Default:
   * `NET_HOST`, then loopback, 127.0.0.1 and ::1.
   */
  readonly host?: string
  /**
   * What peers share that trust each other, on one machine or on several: a text of 16 characters or more, in place of the secret in
   * this user's registry folder. Default: `NET_KEY`, then that secret.
   */
  readonly key?: string
  /** A file with the key. Default: `NET_KEY_FILE`. */
  readonly keyFile?: string
  /**
   * The IP address, or the address and port, under which other machines reach this peer where it is not the one that it listens
   * on, as behind a router that translates addresses. Peers of its own machine go where it listens. Needs a key. Default: `NET_ADVERTISE`, then where it listens.
   */
  readonly advertise?: string
  /** Names of this machine by which HTTP clients may call it: what they send as Host. Default: `NET_NAMES`, separated by commas. */
  readonly names?: readonly string[]
  /**
   * Origins of web pages that may call this peer over HTTP, such as `https://notes.example`, exactly as browsers write them; a page
   * needs the peer's token all the same. Default: `NET_ORIGINS`, separated by commas, then none.
   */
  readonly origins?: readonly string[]
  /**
   * Encrypts sessions and HTTP. Beats and multicast DNS stay readable: they carry ids, ports and addresses, no data; beats are
   * signed. A peer with certificates talks only to peers that have them too. Default: nothing is encrypted.
   */
  readonly tls?: TlsOptions
  /**
   * Finds the peers of the local network, by multicast DNS. Needs a key, a host that they reach, and the package multicast-dns.
   * Default: `NET_LAN`, then false.
   */
  readonly lan?: boolean
}

/** What the environment says of it. */
export interface NetworkEnvironment {
  readonly host: string | undefined
  readonly key: string | undefined
  readonly keyFile: string | undefined
  readonly advertise: string | undefined
  readonly names: readonly string[]
  readonly origins: readonly string[]
  readonly lan: boolean
}

/** Where a peer listens and what proves trust there. */
export interface NetworkSettings extends OtherNames {
  readonly host: string | undefined
  /** Undefined: the secret of the registry folder. */
  readonly key: KeySource | undefined
  readonly tls: Tls | undefined
  readonly origins: readonly string[]
  readonly lan: boolean
}

/**
 * Reads where a peer can be reached. Throws `invalid_argument` for a value that cannot be, and for a peer that others would reach
 * and that has no key.
 */
export function readNetwork(options: NetworkOptions, environment: NetworkEnvironment): NetworkSettings {
  const { names = environment.names, origins = environment.origins } = options
  const host = readHost(options.host === undefined ? environment.host : options.host)
  const key = readKeySource(options, environment)
  const advertise = readAdvertised(options.advertise === undefined ? environment.advertise : options.advertise)
  if (key === undefined) refuseOpen({ host, advertise: advertise?.host })
  const { lan = environment.lan } = options
  if (typeof lan !== 'boolean') throw refuse('invalid_argument', `lan is ${printValue(lan)}, expected true or false`)
  if (lan && (host === undefined || isLoopback(host))) throw refuseLan(host)
  return {
    host,
    key,
    advertise,
    names: readNames(names),
    origins: readOrigins(origins),
    tls: readTls(options.tls),
    lan,
  }
}

/** What trust is proved with; undefined: the secret of the registry folder. Throws `invalid_argument` for what can be no key. */
export function readKeySource(
  options: Pick<NetworkOptions, 'key' | 'keyFile'>,
  environment: Pick<NetworkEnvironment, 'key' | 'keyFile'>,
): KeySource | undefined {
  return readKey(options.key, options.keyFile, OPTION_KEY) ?? readKey(environment.key, environment.keyFile, NET_KEY)
}

type Names = readonly [key: string, file: string]

const OPTION_KEY: Names = ['key', 'keyFile']
const NET_KEY: Names = ['NET_KEY', 'NET_KEY_FILE']

/** Throws where one of the addresses is not this machine's own loopback. */
function refuseOpen(addresses: Readonly<Record<'host' | 'advertise', string | undefined>>): void {
  for (const [name, address] of Object.entries(addresses)) {
    if (address === undefined || isLoopback(address)) continue
    throw refuse(
      'invalid_argument',
      `${name} ${printValue(address)} can be reached by others, and there is no key: set key (or NET_KEY) to a text of 16 ` +
        'characters or more that all peers of the group share',
    )
  }
}

function refuseLan(host = 'loopback'): Error {
  return refuse(
    'invalid_argument',
    `lan is on, and the peer would listen on ${host}, where no other machine reaches it: set host (or NET_HOST) to 0.0.0.0, and a key`,
  )
}

function readHost(host: unknown): string | undefined {
  if (host === undefined || host === 'localhost') return undefined
  const address = typeof host === 'string' ? parseIP(host) : undefined
  if (address !== undefined) return address
  throw refuse(
    'invalid_argument',
    `host is ${printValue(host)}, expected an IP address of this machine, or 0.0.0.0 or :: for all of them`,
  )
}

function readKey(key: unknown, file: unknown, [keyName, fileName]: Names): KeySource | undefined {
  if (key !== undefined && file !== undefined) {
    throw refuse('invalid_argument', `${keyName} and ${fileName} are both set: set one of them`)
  }
  // What is wrong with a key is said without showing it.
  if (key !== undefined && typeof key !== 'string') throw refuse('invalid_argument', `${keyName} is no text`)
  if (typeof key === 'string') return { kind: 'text', text: key }
  if (file === undefined) return undefined
  if (typeof file === 'string' && file !== '') return { kind: 'file', path: file }
  throw refuse('invalid_argument', `${fileName} is ${printValue(file)}, expected the path of a file`)
}

function readTls(tls: unknown): Tls | undefined {
  if (tls === undefined) return undefined
  const options = typeof tls === 'object' && tls !== null ? (tls as Partial<TlsOptions>) : {}
  if (options.cert !== undefined || options.key !== undefined) return createTls(options, 'createPeer')
  throw refuse('invalid_argument', 'option tls of createPeer needs a certificate: { cert, key }, as PEM texts')
}

function readAdvertised(text: unknown): AdvertisedAddress | undefined {
  if (text === undefined) return undefined
  if (typeof text === 'string') {
    const whole = parseAddress(text)
    const host = parseIP(whole?.host ?? text)
    // Whoever is told to go there goes to itself.
    if (host !== undefined && !isWildcard(host)) return { host, port: whole?.port }
  }
  throw refuse(
    'invalid_argument',
    `advertise is ${printValue(text)}, expected an IP address that others reach, or one and a port, such as 203.0.113.7:3010`,
  )
}

const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/i

function readNames(names: unknown): string[] {
  if (Array.isArray(names) && names.every((name): name is string => typeof name === 'string' && NAME.test(name))) {
    return names.map((name) => name.toLowerCase())
  }
  throw refuse('invalid_argument', `names is ${printValue(names)}, expected a list of host names without ports`)
}

/** An origin that is written otherwise would never be what a browser sends, and a pattern none at all. */
function readOrigins(origins: unknown): string[] {
  if (!Array.isArray(origins)) throw refuseOrigins(origins)
  for (const origin of origins) if (!isOrigin(origin)) throw refuseOrigins(origin)
  return origins as string[]
}

function isOrigin(origin: unknown): boolean {
  // A URL may have an asterisk for its host; a pattern is meant by it.
  if (typeof origin !== 'string' || !/^https?:[^*]*$/.test(origin) || !URL.canParse(origin)) return false
  return new URL(origin).origin === origin
}

function refuseOrigins(found: unknown): Error {
  return refuse(
    'invalid_argument',
    `origins has ${printValue(found)}, expected a list of origins as browsers write them, such as https://notes.example`,
  )
}
