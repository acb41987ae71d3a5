import type { RemotePeer } from '../../api/remote-peer.js'
import { isRefusal } from '../../errors/refuse.js'
import { DEFAULT_BEAT_MS, isBeatMs } from '../../transport/nats/beat-range.js'
import { printIdentity, readIdentity, readRecord } from '../../transport/nats/identity-record.js'

/** What a beat says besides who it is of: that it has come, that it is still there, or that it goes. */
export type BeatKind = 'hello' | 'beat' | 'goodbye'

/** What a peer says at an engine. */
export interface Beat {
  readonly kind: BeatKind
  readonly peer: RemotePeer
  /** How often it says so, in milliseconds. */
  readonly everyMs: number
}

/** A beat as JSON text. */
export function printBeat({ kind, everyMs, peer }: Beat): string {
  return `{"kind":"${kind}","everyMs":${everyMs},"peer":${printIdentity(peer)}}`
}

/** Reads a beat; undefined where it is none, or of a peer that speaks no version that is spoken here: it is left out. */
export function readBeat(data: Uint8Array): Beat | undefined {
  const { kind, everyMs, peer: said } = readRecord(data) ?? {}
  const peer = readPeer(said)
  if (peer === undefined) return undefined
  return {
    kind: kind === 'hello' || kind === 'goodbye' ? kind : 'beat',
    peer,
    everyMs: isBeatMs(everyMs) ? everyMs : DEFAULT_BEAT_MS,
  }
}

function readPeer(said: unknown): RemotePeer | undefined {
  try {
    return readIdentity(said)
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}
