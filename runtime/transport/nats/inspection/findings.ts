import type { MissingPermission } from '../permissions.js'

/** What an engine is, as far as it lets its user know. */
export interface EngineFindings {
  /** As it was named, as `host:port`. */
  readonly servers: readonly string[]
  /** Of the nats-server that answered. */
  readonly version: string
  /** How many addresses of its cluster's servers it names; undefined: it is in none. */
  readonly clusterAddresses: number | undefined
  /** How long a question and its answer take, in milliseconds: the median of five. */
  readonly roundTripMs: number
  /** The largest message, in bytes. */
  readonly maxPayloadBytes: number
  /** What a peer of the group needs, and this user may not. Empty: it may do all. */
  readonly missing: readonly MissingPermission[]
  readonly jetStream: JetStreamFindings
  /** Undefined: its monitoring port was not asked. */
  readonly monitoring: MonitoringFindings | undefined
}

/**
 * Why there is no JetStream: this user may not ask for it, no server has it, its account has none, or what is asked does not answer as
 * JetStream does.
 */
export type JetStreamAbsence = 'refused' | 'nobody' | 'account' | 'unclear'

/** What of JetStream is there for this user's account: what it holds and may hold, or why there is none. */
export type JetStreamFindings =
  | { readonly isThere: false; readonly cause: JetStreamAbsence; readonly reason: string }
  | {
      readonly isThere: true
      readonly streams: number
      readonly storageBytes: number
      /** Undefined: there is no limit but the disk. */
      readonly maxStorageBytes: number | undefined
    }

/** What only the monitoring port of a server says. */
export interface MonitoringFindings {
  /** How far the server's clock is ahead of this machine's, in milliseconds; 0 where the answer took as long as they may differ. */
  readonly clockAheadMs: number
  /** How long what was acknowledged may wait to be on the disk, in milliseconds; 0: it never does; undefined: the server does not say. */
  readonly syncIntervalMs: number | undefined
}
