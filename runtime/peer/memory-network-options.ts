import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { hintAt } from '../errors/suggest.js'
import type { NetworkConditions } from '../transport/memory/conditions.js'

/** What a network in memory shall be like. */
export interface MemoryNetworkOptions {
  /**
   * How long a call, and its answer, are each on their way, in milliseconds; and so are an item of a stream, and what asks for it.
   * Default: 0.
   */
  readonly latencyMs?: number
  /** Whether answers that are ready together arrive in another order. Default: false. */
  readonly reorder?: boolean
  /** A whole number; the same one gives the same orders. Default: 1. */
  readonly seed?: number
}

const KNOWN: readonly (keyof MemoryNetworkOptions)[] = ['latencyMs', 'reorder', 'seed']

const MAX_LATENCY_MS = 60_000

/** Reads what a network shall be like. Throws `invalid_argument` for an unknown option or a value that it does not take. */
export function readConditions(options: MemoryNetworkOptions): NetworkConditions {
  if (typeof options !== 'object' || options === null) {
    const expected = 'an object such as { latencyMs: 5 }'
    throw refuse('invalid_argument', `options of createMemoryNetwork are ${printValue(options)}, expected ${expected}`)
  }
  for (const key of Object.keys(options)) if (!KNOWN.some((known) => known === key)) throw refuseOption(key)
  const { latencyMs = 0, reorder = false, seed = 1 } = options
  if (typeof latencyMs !== 'number' || !(latencyMs >= 0 && latencyMs <= MAX_LATENCY_MS)) {
    throw refuseValue('latencyMs', latencyMs, `milliseconds from 0 to ${MAX_LATENCY_MS}`)
  }
  if (typeof reorder !== 'boolean') throw refuseValue('reorder', reorder, 'true or false')
  if (!Number.isSafeInteger(seed)) throw refuseValue('seed', seed, 'a whole number')
  return { latencyMs, reorder, seed }
}

function refuseOption(key: string): Error {
  const hint = hintAt(key, KNOWN)
  return refuse('invalid_argument', `option ${printValue(key)} of createMemoryNetwork is unknown: ${hint}`)
}

function refuseValue(key: string, value: unknown, expected: string): Error {
  return refuse(
    'invalid_argument',
    `option ${key} of createMemoryNetwork is ${printValue(value)}, expected ${expected}`,
  )
}
