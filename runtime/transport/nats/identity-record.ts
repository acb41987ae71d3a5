import { MAX_GROUP_BYTES } from '../../api/engine-servers.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import type { CallerIdentity } from '../../wire/exchange.js'
import { decodeObject, type JsonObject, toObject } from '../../wire/json-object.js'
import { checkVersions, OWN_VERSIONS, readVersions } from '../protocol-versions.js'

/** The most that a peer says of itself, in bytes. */
const MAX_IDENTITY_BYTES = 4 * 1024

/** What a peer says of itself over NATS, as JSON text. */
export function printIdentity({ id, group, hub, host, port }: RemotePeer): string {
  return JSON.stringify({ id, group, hub, host, port, versions: OWN_VERSIONS })
}

/**
 * Reads what a peer says of itself; undefined where it is nothing of the kind. Throws `failed_precondition` where it speaks no version of
 * the protocol that is spoken here.
 */
export function readIdentity(value: unknown): RemotePeer | undefined {
  const { id, group, hub, host, port, versions } = toObject(value)
  const isWhole = isId(id) && isGroup(group) && typeof hub === 'boolean' && isHost(host) && isPort(port)
  if (!isWhole) return undefined
  const peer = Object.freeze({ id, group, hub, host, port })
  const spoken = readVersions(versions)
  if (spoken !== undefined) checkVersions(peer, spoken)
  return peer
}

/** Reads which peer something comes from; undefined where that says nothing of the kind. */
export function readSender(value: unknown): CallerIdentity | undefined {
  const { id, group } = toObject(value) ?? {}
  return isId(id) && isGroup(group) ? { id, group } : undefined
}

/** A JSON object that came, unless it is none, or longer than any that peers send. */
export function readRecord(data: Uint8Array): JsonObject | undefined {
  return data.length > MAX_IDENTITY_BYTES ? undefined : decodeObject(data)
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id)
}

function isGroup(group: unknown): group is string {
  return typeof group === 'string' && group !== '' && Buffer.byteLength(group) <= MAX_GROUP_BYTES
}

/** As `parseAddress` reads it. */
function isHost(host: unknown): host is string {
  return typeof host === 'string' && /^[\w.:-]{1,255}$/.test(host)
}

function isPort(port: unknown): port is number {
  return Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535
}
