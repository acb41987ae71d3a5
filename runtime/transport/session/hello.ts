import type { RemotePeer } from '../../api/remote-peer.js'
import { PROTOCOL_VERSION, VERSION } from '../../version.js'
import { isCount } from '../../wire/is-count.js'
import { isObject } from '../../wire/json-object.js'
import { MAX_REQUEST_BYTES, MAX_SESSION_CALLS } from '../../wire/limits.js'

/** What a side of a session accepts. */
export interface SessionLimits {
  /** How many calls of the other side may be without an answer. */
  readonly inFlight: number
  /** The longest input of a call, in bytes of JSON. */
  readonly messageBytes: number
}

/** What each side of a session says first. */
export interface Hello {
  readonly peer: RemotePeer
  readonly versions: { readonly netgen: string; readonly protocol: number }
  readonly limits: SessionLimits
  /** The digest of each connected schema, by its name. */
  readonly schemas: Readonly<Record<string, string>>
}

/** What holds until the other side has said what it accepts. */
export const DEFAULT_LIMITS: SessionLimits = Object.freeze({
  inFlight: MAX_SESSION_CALLS,
  messageBytes: MAX_REQUEST_BYTES,
})

/** How many schemas a hello tells of, so that it stays a small message. */
const MAX_SCHEMAS = 256

/** What this version of netgen says of a peer. */
export function createHello(peer: RemotePeer, schemas: Iterable<{ name: string; digest: string }>): Hello {
  return {
    peer,
    versions: { netgen: VERSION, protocol: PROTOCOL_VERSION },
    limits: DEFAULT_LIMITS,
    schemas: Object.fromEntries([...schemas].slice(0, MAX_SCHEMAS).map(({ name, digest }) => [name, digest])),
  }
}

/** The hello as a JSON value's text. */
export function printHello({ peer: { id, group, hub, host, port }, versions, limits, schemas }: Hello): string {
  return JSON.stringify({ id, group, hub, host, port, versions, limits, schemas })
}

/** Reads a hello, or answers undefined where the value is none. Keys that are unknown here are of later versions. */
export function readHello(value: unknown): Hello | undefined {
  if (!isObject(value)) return undefined
  const { id, group, hub, host, port } = value
  const isPeer =
    typeof id === 'string' &&
    typeof group === 'string' &&
    typeof hub === 'boolean' &&
    typeof host === 'string' &&
    Number.isInteger(port)
  const versions = readVersions(value['versions'])
  const limits = readLimits(value['limits'])
  const schemas = readSchemas(value['schemas'])
  if (!isPeer || versions === undefined || limits === undefined || schemas === undefined) return undefined
  return { peer: Object.freeze({ id, group, hub, host, port: port as number }), versions, limits, schemas }
}

function readVersions(value: unknown): Hello['versions'] | undefined {
  if (!isObject(value)) return undefined
  const { netgen, protocol } = value
  return typeof netgen === 'string' && isCount(protocol) ? { netgen, protocol } : undefined
}

function readLimits(value: unknown): SessionLimits | undefined {
  if (!isObject(value)) return undefined
  const { inFlight, messageBytes } = value
  return isCount(inFlight) && isCount(messageBytes) ? { inFlight, messageBytes } : undefined
}

function readSchemas(value: unknown): Hello['schemas'] | undefined {
  if (!isObject(value)) return undefined
  const entries = Object.entries(value)
  const isReadable = entries.length <= MAX_SCHEMAS && entries.every(([, digest]) => typeof digest === 'string')
  return isReadable ? (Object.fromEntries(entries) as Record<string, string>) : undefined
}

/** What is wrong with the version of a hello, in words; undefined where it is this peer's. */
export function findMistake({ versions }: Hello): string | undefined {
  if (versions.protocol === PROTOCOL_VERSION) return undefined
  return `version ${versions.protocol} where ${PROTOCOL_VERSION} was agreed on`
}
