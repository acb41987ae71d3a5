import type { RemotePeer } from '../../api/remote-peer.js'
import { decodeJson, decodeUtf8, MalformedJsonError } from '../../wire/decode-json.js'
import { checkVersions, OWN_VERSIONS, readVersions } from '../protocol-versions.js'

/** What a peer says of itself over NATS, as JSON text. */
export function printIdentity({ id, group, hub, host, port }: RemotePeer): string {
  return JSON.stringify({ id, group, hub, host, port, versions: OWN_VERSIONS })
}

/**
 * Reads what a peer says of itself; undefined where it is nothing of the kind. Throws `failed_precondition` where it speaks no version of
 * the protocol that is spoken here.
 */
export function readIdentity(value: unknown): RemotePeer | undefined {
  const { id, group, hub, host, port, versions } = toRecord(value) ?? {}
  const isWhole =
    typeof id === 'string' && typeof group === 'string' && typeof hub === 'boolean' && typeof host === 'string'
  if (!isWhole || !Number.isInteger(port)) return undefined
  const peer = Object.freeze({ id, group, hub, host, port: port as number })
  const spoken = readVersions(versions)
  if (spoken !== undefined) checkVersions(peer, spoken)
  return peer
}

/** A JSON object that came, unless it is none. */
export function readRecord(data: Uint8Array): Partial<Record<string, unknown>> | undefined {
  try {
    return toRecord(decodeJson(decodeUtf8(data)))
  } catch (error) {
    if (error instanceof MalformedJsonError) return undefined
    throw error
  }
}

function toRecord(value: unknown): Partial<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}
