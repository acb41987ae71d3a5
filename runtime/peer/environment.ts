import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { LogLevel } from '../api/logger.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import type { PortChoice } from '../transport/http/bind.js'
import type { DiscoveryEnvironment } from './discovery-options.js'
import type { EngineEnvironment } from './engine-options.js'
import { LOG_LEVELS } from './log-level.js'
import type { NetworkEnvironment } from './network-options.js'

/** What the `NET_*` variables say, with the defaults of those that are not set. Nothing is ever written there. */
export interface Environment extends NetworkEnvironment, DiscoveryEnvironment, EngineEnvironment {
  readonly group: string
  readonly hub: boolean
  readonly port: PortChoice
  /** Undefined where none is named, and there is no home folder. */
  readonly registry: string | undefined
  readonly concurrency: number
  readonly logLevel: LogLevel
}

const FIRST_PORT = 3010
/** 3010 to 3015: both ends count. */
const PORT_RANGE = 5
const MAX_PORT = 65_535
const CONCURRENCY = 64

/** Reads the variables. Throws `invalid_argument` for a value that none of them takes, naming the variable. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const first = readWhole(env, 'NET_PORT_START', 'NET_PORT', FIRST_PORT, 1, MAX_PORT)
  const range = readWhole(env, 'NET_PORT_RANGE', undefined, PORT_RANGE, 0, 1_000)
  return {
    group: readText(env, 'NET_GROUP') ?? 'default',
    hub: readBoolean(env, 'NET_IS_HUB') ?? false,
    port: { kind: 'range', first, last: Math.min(first + range, MAX_PORT) },
    host: readText(env, 'NET_HOST'),
    key: readText(env, 'NET_KEY'),
    keyFile: readText(env, 'NET_KEY_FILE'),
    advertise: readText(env, 'NET_ADVERTISE'),
    names: readList(env, 'NET_NAMES'),
    origins: readList(env, 'NET_ORIGINS'),
    peers: readList(env, 'NET_PEERS'),
    engine: readList(env, 'NET_ENGINE'),
    engineCredentials: readText(env, 'NET_ENGINE_CREDENTIALS'),
    lan: readBoolean(env, 'NET_LAN') ?? false,
    scan: readScan(env),
    registry: readText(env, 'NET_REGISTRY') ?? findHomeRegistry(),
    // 0 meant "no thread" in app-net, which ran one.
    concurrency: Math.max(1, readWhole(env, 'NET_CONCURRENCY', 'NET_THREAD_LIMIT', CONCURRENCY, 0, 1_024)),
    logLevel: readLogLevel(env),
  }
}

/** Where HOME is empty or relative, it would be in whatever folder a peer is started in, and so would the secret. */
function findHomeRegistry(): string | undefined {
  const home = homedir()
  return isAbsolute(home) ? join(home, '.netgen') : undefined
}

type Env = Readonly<Record<string, string | undefined>>

/** An empty variable counts as one that is not set, as shells leave them. */
function readText(env: Env, name: string): string | undefined {
  const value = env[name]
  return value === undefined || value === '' ? undefined : value
}

/** What stands between commas, without blanks around it. */
function readList(env: Env, name: string): string[] {
  const parts = (readText(env, name) ?? '').split(',').map((part) => part.trim())
  return parts.filter((part) => part !== '')
}

function readWhole(
  env: Env,
  name: string,
  oldName: string | undefined,
  fallback: number,
  min: number,
  max: number,
): number {
  const text = readText(env, name)
  const oldText = oldName === undefined ? undefined : readText(env, oldName)
  if (text !== undefined && oldText !== undefined && text !== oldText) {
    throw refuse(
      'invalid_argument',
      `${name} is ${printValue(text)} and ${oldName} is ${printValue(oldText)}: set one of them`,
    )
  }
  const given = text ?? oldText
  if (given === undefined) return fallback
  const value = Number(given)
  if (/^\d+$/.test(given) && value >= min && value <= max) return value
  const wrong = text === undefined ? oldName : name
  throw refuse('invalid_argument', `${wrong} is ${printValue(given)}, expected a whole number from ${min} to ${max}`)
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['yes', true],
  ['0', false],
  ['false', false],
  ['no', false],
])

/** A boolean, or what stands between commas. */
function readScan(env: Env): boolean | string[] {
  const text = readText(env, 'NET_SCAN') ?? '0'
  return BOOLEANS.get(text.toLowerCase()) ?? readList(env, 'NET_SCAN')
}

function readBoolean(env: Env, name: string): boolean | undefined {
  const text = readText(env, name)
  if (text === undefined) return undefined
  const value = BOOLEANS.get(text.toLowerCase())
  if (value === undefined)
    throw refuse('invalid_argument', `${name} is ${printValue(text)}, expected one of 1, 0, true, false, yes, no`)
  return value
}

function readLogLevel(env: Env): LogLevel {
  const text = readText(env, 'NET_LOG')
  if (text === undefined) return readBoolean(env, 'NET_DEV') === true ? 'debug' : 'warn'
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase())
  if (level === undefined)
    throw refuse('invalid_argument', `NET_LOG is ${printValue(text)}, expected one of ${LOG_LEVELS.join(', ')}`)
  return level
}
