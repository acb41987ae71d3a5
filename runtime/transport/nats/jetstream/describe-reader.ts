import type { LogReaderOptions } from '../../event-log.js'
import { NANOSECONDS_PER_MS } from '../nanoseconds.js'
import type { ReaderConfig } from './load-jetstream.js'

/** How many events of one subscription may be under way, in all its processes: the engine's own default. */
const MAX_UNDER_WAY = 1_000

type Start = Pick<ReaderConfig, 'deliver_policy' | 'opt_start_seq' | 'opt_start_time'>

/** The configuration of a subscription's consumer. How often an event is handed over is counted by whoever handles it. */
export function describeReader(
  name: string,
  subject: string,
  { from, isOrdered, silenceMs }: LogReaderOptions,
): ReaderConfig {
  return {
    durable_name: name,
    filter_subject: subject,
    ack_policy: 'explicit',
    ack_wait: silenceMs * NANOSECONDS_PER_MS,
    max_ack_pending: isOrdered ? 1 : MAX_UNDER_WAY,
    max_deliver: -1,
    replay_policy: 'instant',
    ...describeStart(from),
  }
}

/** The first option of a subscription that is not as the engine knows it: what it has, and what was asked for. */
export interface ReaderDifference {
  readonly option: 'ordered' | 'silenceMs' | 'from'
  readonly found: string
  readonly wanted: string
}

/** Compares a consumer that is there with what is wanted; undefined where nothing of it differs. */
export function compareReader(options: LogReaderOptions, found: Partial<ReaderConfig>): ReaderDifference | undefined {
  const { from, isOrdered, silenceMs } = options
  const isFoundOrdered = found.max_ack_pending === 1
  if (isFoundOrdered !== isOrdered) return { option: 'ordered', found: `${isFoundOrdered}`, wanted: `${isOrdered}` }
  const foundMs = (found.ack_wait ?? 0) / NANOSECONDS_PER_MS
  if (foundMs !== silenceMs) return { option: 'silenceMs', found: `${foundMs}`, wanted: `${silenceMs}` }
  if (from === undefined) return undefined
  const [was, is] = [printStart(found), printStart(describeStart(from))]
  return was === is ? undefined : { option: 'from', found: was, wanted: is }
}

function describeStart(from: LogReaderOptions['from'] = 'new'): Start {
  if (from === 'new' || from === 'all') return { deliver_policy: from }
  if (from instanceof Date) return { deliver_policy: 'by_start_time', opt_start_time: from.toISOString() }
  return { deliver_policy: 'by_start_sequence', opt_start_seq: from.sequence }
}

function printStart({ deliver_policy: policy, opt_start_seq: sequence, opt_start_time: time }: Partial<Start>): string {
  if (policy === 'by_start_sequence') return `{ sequence: ${sequence} }`
  return policy === 'by_start_time' && time !== undefined ? `${new Date(time).toISOString()}` : `"${policy}"`
}
