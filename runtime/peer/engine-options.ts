import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'

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
  const isOption = engine !== undefined
  const where = isOption ? 'option engine of createPeer' : 'NET_ENGINE'
  const servers: unknown = isOption ? (typeof engine === 'string' ? [engine] : engine) : environment.engine
  if (!Array.isArray(servers) || (isOption && servers.length === 0)) {
    throw refuse('invalid_argument', `${where} is ${printValue(engine)}, expected a URL such as nats://localhost:4222`)
  }
  for (const server of servers) {
    const isUrl = typeof server === 'string' && URL.canParse(server) && SCHEMES.includes(new URL(server).protocol)
    if (isUrl) continue
    throw refuse('invalid_argument', `${where} has ${printValue(server)}, expected a URL such as nats://localhost:4222`)
  }
  return servers.length === 0 ? undefined : (servers as string[])
}

/** Ways of finding and calling others that an engine takes the place of, and whether they are asked for. */
export type Replaced = Readonly<Record<'transport' | 'peers' | 'scan' | 'lan', boolean>>

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
