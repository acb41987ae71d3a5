import { NANOSECONDS_PER_MS } from '../nanoseconds.js'
import type { StreamConfig } from './load-jetstream.js'

/** What the streams of a group are created with. */
export interface StoreLimits {
  /** On how many servers of a cluster each event is kept. */
  readonly replicas: number
  readonly maxAgeMs: number
  /** Undefined: no limit but the server's. */
  readonly maxBytes: number | undefined
}

/** For how long an emission's id is remembered, in milliseconds. */
const DUPLICATE_WINDOW_MS = 120_000

/** The configuration of a stream. What does not fit into it is refused, and nothing in it is dropped before it is old. */
export function describeStream(
  name: string,
  subjects: string,
  { replicas, maxAgeMs, maxBytes }: StoreLimits,
): Pick<StreamConfig, 'name'> & Partial<StreamConfig> {
  return {
    name,
    subjects: [subjects],
    retention: 'limits',
    storage: 'file',
    discard: 'new',
    num_replicas: replicas,
    max_age: maxAgeMs * NANOSECONDS_PER_MS,
    max_bytes: maxBytes ?? -1,
    duplicate_window: Math.min(DUPLICATE_WINDOW_MS, maxAgeMs) * NANOSECONDS_PER_MS,
  }
}

/** What has to be as it was described, or nothing is stored, or not until it is read. */
const ESSENTIAL: readonly (keyof StreamConfig)[] = ['subjects', 'retention', 'no_ack', 'sealed']

/** What of a stream is not as it was described, each as `name: found instead of wanted`. */
export interface StreamDifferences {
  /** With these it cannot be used. */
  readonly essential: readonly string[]
  readonly others: readonly string[]
}

/** Compares a stream that is there with what it was to be. */
export function compareStream(wanted: Partial<StreamConfig>, found: Partial<StreamConfig>): StreamDifferences {
  const essential: string[] = []
  const others: string[] = []
  const needed: Partial<StreamConfig> = { no_ack: false, sealed: false, ...wanted }
  for (const [key, value] of Object.entries(needed)) {
    const there: unknown = found[key as keyof StreamConfig] ?? (value === false ? false : undefined)
    if (key === 'subjects' ? covers(there, value) : there === value) continue
    const difference = `${key}: ${JSON.stringify(there)} instead of ${JSON.stringify(value)}`
    if (ESSENTIAL.some((some) => some === key)) essential.push(difference)
    else others.push(difference)
  }
  return { essential, others }
}

function covers(found: unknown, wanted: unknown): boolean {
  return Array.isArray(found) && Array.isArray(wanted) && wanted.every((subject) => found.includes(subject))
}
