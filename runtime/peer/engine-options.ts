import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { MAX_GROUP_BYTES } from '../transport/nats/identity-record.js'

/** What carries calls beyond one machine: a part of `PeerOptions`. */
export interface EngineOptions {
  /**
   * The servers of NATS through which peers find and call each other, such as `nats://localhost:4222`, with user and password in the
   * URL where they need one. Default: `NET_ENGINE`, separated by commas, then none.
   */
  readonly engine?: string | readonly string[]
}

/** What the environment says of it. */
export interface EngineEnvironment {
  readonly engine: readonly string[]
}

const SCHEMES = ['nats:', 'tls:']

/** Reads the URLs of the servers; undefined where there is no engine. Throws `invalid_argument` for what is none. */
export function readEngine({ engine }: EngineOptions, environment: EngineEnvironment): readonly string[] | undefined {
  const where = engine === undefined ? 'NET_ENGINE' : 'option engine of createPeer'
  if (engine === undefined && environment.engine.length === 0) return undefined
  const servers: unknown = engine === undefined ? environment.engine : typeof engine === 'string' ? [engine] : engine
  const isList = Array.isArray(servers) && servers.length > 0
  if (!isList) throw refuse('invalid_argument', `${where} is ${printValue(engine)}, ${EXPECTED}`)
  for (const server of servers)
    if (!isServer(server)) throw refuse('invalid_argument', `${where} has ${print(server)}, ${EXPECTED}`)
  return servers
}

const EXPECTED = 'expected a URL such as nats://localhost:4222'

function isServer(text: unknown): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  return SCHEMES.includes(protocol) && hostname !== '' && isEscaped(username) && isEscaped(password)
}

function isEscaped(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Without what stands before the host: it may be a password. */
function print(server: unknown): string {
  return printValue(typeof server === 'string' ? server.replace(/\/\/.*@/s, '//…@') : server)
}

/** Ways of finding and calling others that an engine takes the place of, and whether they are asked for. */
export type Replaced = Readonly<Record<'transport' | 'peers' | 'scan' | 'lan', boolean>>

/** Throws `invalid_argument` where a group does not fit into the subjects of the engine that there is. */
export function checkEngineGroup(engine: readonly string[] | undefined, group: string): void {
  const bytes = Buffer.byteLength(group)
  if (engine === undefined || bytes <= MAX_GROUP_BYTES) return
  throw refuse('invalid_argument', `group has ${bytes} bytes, and an engine takes ${MAX_GROUP_BYTES} at most`)
}

/** Throws `invalid_argument` where a peer with an engine is told to find or call others in another way too. */
export function refuseReplaced(engine: readonly string[] | undefined, replaced: Replaced): void {
  if (engine === undefined) return
  const [name] = Object.entries(replaced).find(([, isAsked]) => isAsked) ?? []
  if (name === undefined) return
  throw refuse(
    'invalid_argument',
    `${name} and engine exclude each other: peers find and call each other through the engine`,
  )
}
