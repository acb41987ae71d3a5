import { type EngineAccess, isEngineAccess } from '../api/engine-access.js'
import { checkGroupBytes, readServers } from '../api/engine-servers.js'
import { refuse } from '../errors/refuse.js'

/** What carries calls beyond one machine: a part of `PeerOptions`. */
export interface EngineOptions {
  /**
   * The servers of NATS through which peers find and call each other, such as `nats://localhost:4222`, with user and password in the
   * URL where they need one; or what `nats` of `netgen/nats` gives, for whoever needs more than a URL. Default: `NET_ENGINE`, separated by
   * commas, then none. Where that names no user, `NET_ENGINE_CREDENTIALS` names a credentials file.
   */
  readonly engine?: string | readonly string[] | EngineAccess
}

/** What the environment says of it. */
export interface EngineEnvironment {
  readonly engine: readonly string[]
  readonly engineCredentials: string | undefined
}

/** Which engine a peer has. */
export interface EngineSettings {
  /** How it is reached: by URLs, or as `nats` of `netgen/nats` was told. */
  readonly access: readonly string[] | EngineAccess
  /** The credentials file for whoever names no user. */
  readonly credentialsFile: string | undefined
}

/** Reads which engine there is; undefined: none. Throws `invalid_argument` for what is no URL of a server. */
export function readEngine({ engine }: EngineOptions, environment: EngineEnvironment): EngineSettings | undefined {
  const { engineCredentials: credentialsFile } = environment
  if (isEngineAccess(engine)) return { access: engine, credentialsFile }
  if (engine === undefined && environment.engine.length === 0) return undefined
  const where = engine === undefined ? 'NET_ENGINE' : 'option engine of createPeer'
  // Without showing it: it may hold a password.
  if (typeof engine === 'object' && !Array.isArray(engine))
    throw refuse(
      'invalid_argument',
      `${where} is an object: give it to nats of netgen/nats, and what that answers here`,
    )
  const servers = readServers(engine ?? environment.engine, where)
  return { access: servers.map(({ href }) => href), credentialsFile }
}

/** Ways of finding and calling others that an engine takes the place of, and whether they are asked for. */
export type Replaced = Readonly<Record<'transport' | 'peers' | 'scan' | 'lan', boolean>>

/** Throws `invalid_argument` where a group does not fit into the subjects of the engine that there is. */
export function checkEngineGroup(engine: EngineSettings | undefined, group: string): void {
  if (engine !== undefined) checkGroupBytes(group)
}

/** Throws `invalid_argument` where a peer with an engine is told to find or call others in another way too. */
export function refuseReplaced(engine: EngineSettings | undefined, replaced: Replaced): void {
  if (engine === undefined) return
  const [name] = Object.entries(replaced).find(([, isAsked]) => isAsked) ?? []
  if (name === undefined) return
  throw refuse(
    'invalid_argument',
    `${name} and engine exclude each other: peers find and call each other through the engine`,
  )
}
