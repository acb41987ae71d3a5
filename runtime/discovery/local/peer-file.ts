import type { RemotePeer } from '../../api/remote-peer.js'
import { isCount } from '../../wire/is-count.js'
import { decodeObject } from '../../wire/json-object.js'
import type { PeerProcess } from './peer-process.js'

/** What a peer's file in the registry says. */
export interface PeerFile {
  readonly peer: RemotePeer
  /** Milliseconds since 1970. */
  readonly startedAtMs: number
  /** The loopback that its address is on. */
  readonly scope: string
  readonly process: PeerProcess
}

const FORMAT = 1

/** The text of a peer's file. */
export function printPeerFile({ peer, startedAtMs, scope, process: { pid, namespace, begin } }: PeerFile): string {
  const { id, host, port, group, hub } = peer
  return `${JSON.stringify({ format: FORMAT, id, host, port, group, hub, startedAtMs, scope, pid, namespace, begin })}\n`
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535
}

/** What a file's text says, or undefined where it is no file of netgen's in this format. */
export function readPeerFile(text: string): PeerFile | undefined {
  const fields = decodeObject(text)
  if (fields === undefined) return undefined
  const { format, id, host, port, group, hub, startedAtMs, scope, pid, namespace } = fields
  const { begin = '' } = fields
  const isPeer =
    format === FORMAT &&
    typeof id === 'string' &&
    typeof host === 'string' &&
    isPort(port) &&
    typeof group === 'string' &&
    typeof hub === 'boolean' &&
    typeof startedAtMs === 'number' &&
    typeof scope === 'string' &&
    // 0 and below would mean groups of processes.
    isCount(pid) &&
    typeof namespace === 'string' &&
    typeof begin === 'string'
  if (!isPeer) return undefined
  return { peer: Object.freeze({ id, host, port, group, hub }), startedAtMs, scope, process: { pid, namespace, begin } }
}
