import { MAX_UNCOUNTED_LENGTH } from '../../wire/find-excess.js'
import { isExcessEvent } from './excess.js'

/** What is under way by the ids of its calls. */
interface Table {
  has(id: number): boolean
}

/** What a session has asked for, and is asked. */
export interface AskedFor {
  /** Calls of this side's without a stream. */
  readonly pending: Table
  /** Calls of the other side's without a stream. */
  readonly served: Table
  /** Calls of both sides with a stream. */
  readonly streams: Table
  readonly events: {
    /** Whether a subscription of this side's waits for its answer under this id. */
    isSubscribing(id: number): boolean
    /** Whether this side is subscribed to the event that the other side has given this number. */
    isSubscribed(event: number): boolean
  }
}

/** Answers, items and events, by their first characters, as every writer of netgen has them. */
const HEAD = /^\[(2|3|5|10|11|13),(\d{1,16}),/

/**
 * Whether a long line, of more than 262,144 UTF-16 units, is an answer, an item or an event that nobody here asked for, by its beginning
 * alone: to parse 1 MiB only to drop it would take up to 65 ms. An event that is too long is a mistake, whoever asked for it.
 *
 * @param onLateAnswer Told of each answer among them.
 */
export function dropUnasked(line: string, asked: AskedFor, onLateAnswer?: () => void): boolean {
  if (line.length <= MAX_UNCOUNTED_LENGTH) return false
  const [, kind, digits] = HEAD.exec(line) ?? []
  if (kind === undefined) return false
  const id = Number(digits)
  if (kind === '10' || kind === '13') return !asked.events.isSubscribed(id) && !isExcessEvent(line)
  if (asked.pending.has(id) || asked.streams.has(id)) return false
  if (kind === '5') return !asked.served.has(id)
  if (asked.events.isSubscribing(id)) return false
  onLateAnswer?.()
  return true
}
