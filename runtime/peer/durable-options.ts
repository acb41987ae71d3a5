import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { hintAt } from '../errors/suggest.js'
import { refuseValue } from './tuning.js'

/** What the store of a group's durable events is made with, by whoever needs it first. One that is there is never changed. */
export interface DurableStoreOptions {
  /** On how many servers of a cluster each event is kept: 1 to 5. Default: 1. */
  readonly replicas?: number
  /** For how long events are kept, in milliseconds, 1,000 or more, whether they were handled or not. Default: 7 days. */
  readonly maxAgeMs?: number
  /**
   * How much they, and dead letters, may take, in bytes each: further ones are refused. The engine sets so much aside. Default: no limit
   * but its own.
   */
  readonly maxBytes?: number
}

/** Durable events: a part of `PeerOptions`. */
export interface DurableOptions {
  /** How the group's durable events are kept, where the engine has none of it yet. */
  readonly durable?: DurableStoreOptions
}

/** How durable events are kept, with all defaults. */
export interface DurableStoreSettings extends Required<Omit<DurableStoreOptions, 'maxBytes'>> {
  readonly maxBytes: number | undefined
}

const DAY_MS = 86_400_000

const DEFAULTS: DurableStoreSettings = { replicas: 1, maxAgeMs: 7 * DAY_MS, maxBytes: undefined }

/** The longest age that the engine's count of nanoseconds takes exactly in JSON, about 100 days. */
const MAX_AGE_MS = 100 * DAY_MS

/** Reads how durable events are kept. Throws `invalid_argument` for an unknown option, or a value that it does not take. */
export function readDurable({ durable = {} }: DurableOptions): DurableStoreSettings {
  if (typeof durable !== 'object' || durable === null)
    throw refuseValue('createPeer', 'durable', durable, 'an object such as { replicas: 3 }')
  const known = Object.keys(DEFAULTS)
  for (const key of Object.keys(durable)) {
    if (known.includes(key)) continue
    const hint = hintAt(key, known)
    throw refuse('invalid_argument', `option ${printValue(`durable.${key}`)} of createPeer is unknown: ${hint}`)
  }
  const settings = { ...DEFAULTS, ...durable }
  checkWhole('replicas', settings.replicas, 1, 5)
  checkWhole('maxAgeMs', settings.maxAgeMs, 1_000, MAX_AGE_MS)
  if (settings.maxBytes !== undefined) checkWhole('maxBytes', settings.maxBytes, 1, Number.MAX_SAFE_INTEGER)
  return settings
}

function checkWhole(key: keyof DurableStoreOptions, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return
  throw refuseValue('createPeer', `durable.${key}`, value, `a whole number from ${least} to ${most}`)
}
