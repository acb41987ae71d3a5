import type { DisclosureRule, MapError } from '../api/error-options.js'
import type { Interceptors } from '../api/interceptor.js'
import type { Logger } from '../api/logger.js'
import type { CloseOptions } from '../api/peer.js'
import {
  checkPeriodMs,
  checkTimeoutMs,
  DEFAULT_DRAIN_MS,
  DEFAULT_RETRY_MS,
  DEFAULT_TIMEOUT_MS,
} from '../call/scope/timeouts.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { hintAt } from '../errors/suggest.js'
import type { PortChoice } from '../transport/http/bind.js'
import { type ConsoleLogger, createConsoleLogger } from './console-logger.js'
import { type DiscoveryOptions, type DiscoverySettings, readDiscovery } from './discovery-options.js'
import { type DurableOptions, type DurableStoreSettings, readDurable } from './durable-options.js'
import {
  checkEngineGroup,
  type EngineOptions,
  type EngineSettings,
  readEngine,
  refuseReplaced,
} from './engine-options.js'
import type { Environment } from './environment.js'
import { guardLogger } from './guard-logger.js'
import { type InfoOptions, type InfoSettings, readInfo } from './info-options.js'
import { type InterceptorSettings, readInterceptors } from './interceptor-options.js'
import { type NetworkOptions, type NetworkSettings, readNetwork } from './network-options.js'
import { checkDisclosure, checkMapError, refuseValue as refuseValueOf } from './tuning.js'

/** How to make a peer. Every option goes before the variable of the environment that says the same. */
export interface PeerOptions extends NetworkOptions, DiscoveryOptions, EngineOptions, DurableOptions, InfoOptions {
  /** Peers find and call those of their own group unless told otherwise. Default: `NET_GROUP`, then `default`. */
  readonly group?: string
  /** Marks this peer as the centre of an application: a label to filter by. Default: `NET_IS_HUB`, then false. */
  readonly hub?: boolean
  /** The port to listen on; 0 takes any. Default: the first free one from `NET_PORT_START` (3010) on, six in all, then any. */
  readonly port?: number
  /**
   * Whether the peer begins to listen, and to look for others, when it is made. With false it does when `listen()` is called: until
   * then it runs local calls alone. Default: true.
   */
  readonly listen?: boolean
  /** The folder through which this user's peers find and trust each other. Default: `NET_REGISTRY`, then `~/.netgen`. */
  readonly registry?: string
  /**
   * How this peer calls others: over a session, or each call as an HTTP request of its own, for callers that make few calls and for
   * ways that pass no WebSocket. It answers both in any case. Default: `session`.
   */
  readonly transport?: 'session' | 'http'
  /** For calls and connections that name none, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number
  /** How long `close()` lets go on what is being served, in milliseconds; 0: not at all. Default: 10,000. */
  readonly drainMs?: number
  /** How long calls that failed are repeated where that is safe, in milliseconds; 0: not at all. Default: 2,000. */
  readonly retryMs?: number
  /** Local calls are encoded, limited and decoded like remote ones. Default: false. */
  readonly strictLocal?: boolean
  /** Whether a failed call's stack has the very line that called, also where nobody awaits it. Default: true. */
  readonly callSites?: boolean
  /** How many probes, and calls of one `.all`, may be under way at once. Default: `NET_CONCURRENCY`, then 64. */
  readonly concurrency?: number
  /**
   * How much callers are told of errors: a level, or a function of the caller and the error. Default: `stack` for peers of this
   * group, `none` for all others. An error that passes several peers tells the least that one of them allows.
   */
  readonly disclosure?: DisclosureRule
  /** Scrubs or exchanges errors before they leave; netgen's own refusals of a call do not pass it. */
  readonly mapError?: MapError
  /** Default: to stderr, from the level of `NET_LOG` on, which is `warn`. What it throws changes nothing but is told there, once. */
  readonly logger?: Logger
  /** What stands around every call that this peer makes or answers. Default: nothing, which costs a call nothing. */
  readonly interceptors?: Interceptors
}

/** All that a peer has to be told. */
export interface PeerSettings {
  readonly group: string
  readonly hub: boolean
  readonly port: PortChoice
  readonly network: NetworkSettings
  readonly discovery: DiscoverySettings
  /** Undefined: there is no engine. */
  readonly engine: EngineSettings | undefined
  readonly durable: DurableStoreSettings
  /** Undefined where none is named, and there is no home folder. */
  readonly registry: string | undefined
  readonly transport: 'session' | 'http'
  readonly timeoutMs: number
  readonly drainMs: number
  readonly retryMs: number
  readonly strictLocal: boolean
  readonly callSites: boolean
  readonly concurrency: number
  readonly disclosure: DisclosureRule | undefined
  readonly mapError: MapError | undefined
  /** The folder in which the process was when the peer was made: what leaves shows paths relative to it. */
  readonly root: string
  readonly logger: Logger
  /** The same where it is netgen's own, whose level may change. */
  readonly consoleLogger: ConsoleLogger | undefined
  readonly interceptors: InterceptorSettings
  readonly listen: boolean
  readonly info: InfoSettings
}

const KNOWN: readonly (keyof PeerOptions)[] = [
  'group',
  'hub',
  'port',
  'host',
  'key',
  'keyFile',
  'advertise',
  'names',
  'origins',
  'peers',
  'scan',
  'tls',
  'lan',
  'engine',
  'durable',
  'registry',
  'transport',
  'timeoutMs',
  'drainMs',
  'retryMs',
  'strictLocal',
  'callSites',
  'concurrency',
  'disclosure',
  'mapError',
  'logger',
  'interceptors',
  'listen',
  'info',
  'exposeProcess',
]

/** Puts options over the environment. Throws `invalid_argument` for an unknown option or a value that it does not take. */
export function readSettings(options: PeerOptions, environment: Environment): PeerSettings {
  if (typeof options !== 'object' || options === null) {
    const expected = "an object such as { group: 'notes' }"
    throw refuse('invalid_argument', `options of createPeer are ${printValue(options)}, expected ${expected}`)
  }
  for (const key of Object.keys(options)) if (!KNOWN.some((known) => known === key)) throw refuseOption(key)
  const { group = environment.group, hub = environment.hub, registry = environment.registry } = options
  // A lone surrogate is no UTF-8: it could not be told to another peer.
  if (typeof group !== 'string' || group === '' || /\p{Surrogate}/u.test(group)) {
    throw refuseValue('group', group, 'a text that is not empty')
  }
  if (typeof hub !== 'boolean') throw refuseValue('hub', hub, 'true or false')
  if (registry !== undefined && (typeof registry !== 'string' || registry === ''))
    throw refuseValue('registry', registry, 'a folder')
  const { transport = 'session' } = options
  if (transport !== 'session' && transport !== 'http') {
    throw refuseValue('transport', transport, '"session" or "http"')
  }
  const { strictLocal = false, callSites = true, listen = true } = options
  const consoleLogger = options.logger === undefined ? createConsoleLogger(environment.logLevel) : undefined
  const logger: unknown = consoleLogger ?? options.logger
  if (typeof listen !== 'boolean') throw refuseValue('listen', listen, 'true or false')
  if (typeof strictLocal !== 'boolean') throw refuseValue('strictLocal', strictLocal, 'true or false')
  if (typeof callSites !== 'boolean') throw refuseValue('callSites', callSites, 'true or false')
  if (!isLogger(logger)) throw refuseValue('logger', logger, `an object with the functions ${LOG_FUNCTIONS.join(', ')}`)
  const { disclosure, mapError } = options
  if (disclosure !== undefined) checkDisclosure('createPeer', disclosure)
  if (mapError !== undefined) checkMapError('createPeer', mapError)
  const network = readNetwork(options, environment)
  const discovery = readDiscovery(options, environment)
  const engine = readEngine(options, environment)
  checkEngineGroup(engine, group)
  refuseReplaced(engine, {
    transport: transport === 'http',
    peers: discovery.peers.length > 0,
    scan: discovery.scan !== undefined,
    lan: network.lan,
  })
  return {
    group,
    hub,
    registry,
    transport,
    port: readPort(options.port) ?? environment.port,
    network,
    discovery,
    engine,
    durable: readDurable(options),
    timeoutMs: options.timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : checkTimeoutMs(options.timeoutMs),
    drainMs: options.drainMs === undefined ? DEFAULT_DRAIN_MS : checkPeriodMs('drainMs', options.drainMs),
    retryMs: options.retryMs === undefined ? DEFAULT_RETRY_MS : checkPeriodMs('retryMs', options.retryMs),
    strictLocal,
    callSites,
    concurrency: readConcurrency(options.concurrency) ?? environment.concurrency,
    disclosure,
    mapError,
    root: process.cwd(),
    logger: consoleLogger ?? guardLogger(logger),
    consoleLogger,
    interceptors: readInterceptors(options.interceptors),
    listen,
    info: readInfo(options),
  }
}

/** What `close` was told. Throws `invalid_argument` for an unknown option or a time that is none. */
export function readDrainMs(options: CloseOptions): number | undefined {
  for (const key of Object.keys(options)) {
    if (key === 'drainMs') continue
    throw refuse('invalid_argument', `option ${printValue(key)} of close is unknown: expected drainMs`)
  }
  return options.drainMs === undefined ? undefined : checkPeriodMs('drainMs', options.drainMs)
}

const LOG_FUNCTIONS: readonly (keyof Logger)[] = ['debug', 'info', 'warn', 'error']

function isLogger(value: unknown): value is Logger {
  if (typeof value !== 'object' || value === null) return false
  return LOG_FUNCTIONS.every((name) => typeof (value as Partial<Logger>)[name] === 'function')
}

function readPort(port: unknown): PortChoice | undefined {
  if (port === undefined) return undefined
  if (Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65_535) {
    return { kind: 'exact', port: port as number }
  }
  throw refuseValue('port', port, 'a whole number from 0 to 65535')
}

function readConcurrency(concurrency: unknown): number | undefined {
  if (concurrency === undefined) return undefined
  if (Number.isInteger(concurrency) && (concurrency as number) >= 1) return concurrency as number
  throw refuseValue('concurrency', concurrency, 'a whole number from 1 on')
}

function refuseOption(key: string): Error {
  return refuse('invalid_argument', `option ${printValue(key)} of createPeer is unknown: ${hintAt(key, KNOWN)}`)
}

function refuseValue(key: string, value: unknown, expected: string): Error {
  return refuseValueOf('createPeer', key, value, expected)
}
