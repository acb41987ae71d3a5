import type { Logger } from '../../api/logger.js'
import { cleanLine } from '../../errors/clean-text.js'
import { printValue } from '../../errors/print-value.js'
import { isRefusal, refuse } from '../../errors/refuse.js'
import { createAuthentication } from './authenticate.js'
import { endFailedDials } from './end-failed-dials.js'
import { explainConnect } from './explain-connect.js'
import { type ConnectionOptions, type LoadNats, loadNats, type NatsConnection } from './load-nats.js'
import { MIN_PAYLOAD_BYTES, NatsEngine } from './nats-engine.js'
import type { NatsSettings } from './nats-options.js'
import { createIdentityCheck } from './server-identity.js'
import { isOlderServer } from './server-version.js'
import { nameInbox } from './subjects.js'

/** How long the first connection may take, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000

/** Between two attempts to connect again, in milliseconds; up to as much again at random, so that not all come at once. */
const RECONNECT_MS = 250

/** How often the client of NATS asks by itself whether the server is there, in milliseconds: `server-watch.ts` knows sooner. */
const PING_MS = 30_000

/** The oldest nats-server with headers, which calls use. */
const OLDEST_SERVER = '2.2.0'

/** Who connects. */
export interface EngineUser {
  /** What the server calls the connection. */
  readonly name: string
  /** The group in whose subjects answers come. Default: `default`. */
  readonly group?: string
  /** For whoever does not say who it is. */
  readonly credentialsFile?: string | undefined
  readonly logger: Logger
}

/**
 * Connects to NATS, whose package only peers with an engine need. Rejects with `failed_precondition` where that is not installed, and
 * says how to, where the server is too old, or where the certificates do not fit; `unavailable` where no server answers, and `unauthenticated` where it lets nobody in.
 */
export async function connectEngine(
  settings: NatsSettings,
  { name, group = 'default', credentialsFile, logger }: EngineUser,
  load?: LoadNats,
): Promise<NatsEngine> {
  const { urls, login, tls } = settings
  const nats = await loadNats(load)
  const other =
    credentialsFile === undefined ? undefined : ({ kind: 'credentials-file', path: credentialsFile } as const)
  const authentication = await createAuthentication(login ?? other, nats)
  try {
    const options: ConnectionOptions = {
      servers: urls.map(({ host }) => host),
      ...(authentication.authenticator !== undefined && { authenticator: authentication.authenticator }),
      // Where it is given, servers without TLS are refused.
      ...((tls !== undefined || urls.some(({ protocol }) => protocol === 'tls:')) && { tls: prepareTls(urls, tls) }),
      name,
      inboxPrefix: nameInbox(group),
      timeout: CONNECT_TIMEOUT_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MS,
      reconnectJitter: RECONNECT_MS,
      reconnectJitterTLS: RECONNECT_MS,
      // A server whose users are changed for a while is no reason to stay away for ever.
      ignoreAuthErrorAbort: true,
      pingInterval: PING_MS,
      // A connection of its own user: it would hear itself.
      noEcho: true,
      noAsyncTraces: true,
    }
    const connection = await endFailedDials(() => nats.connect(options))
    const problem = findServerProblem(connection.info, urls)
    if (problem === undefined) return new NatsEngine({ connection, nats, group, authentication, logger })
    await connection.close()
    throw refuse('failed_precondition', problem)
  } catch (cause) {
    if (isRefusal(cause)) throw cause
    throw explainConnect(cause, settings, authentication, nats.errors)
  }
}

/** Why peers cannot use a server, and what to do; undefined where they can. */
function findServerProblem(info: NatsConnection['info'], urls: readonly URL[]): string | undefined {
  const { max_payload: maxBytes = 0, version = '' } = info ?? {}
  if (isOlderServer(version, OLDEST_SERVER)) {
    const engine = `engine ${urls.map(({ host }) => printValue(host)).join(', ')}`
    const needed = `netgen needs ${OLDEST_SERVER} or newer: update it`
    return `${engine} is nats-server ${cleanLine(version)}, and ${needed}`
  }
  if (maxBytes >= MIN_PAYLOAD_BYTES) return undefined
  return `engine takes messages of ${maxBytes} bytes: raise its max_payload to ${MIN_PAYLOAD_BYTES} or more`
}

/** The client of NATS hands on to Node what it does not know itself. */
function prepareTls(urls: readonly URL[], tls: NatsSettings['tls']): object {
  return { checkServerIdentity: createIdentityCheck(urls), ...tls?.client }
}
