import type { ErrorRecord } from '../../../wire/error-record.js'
import type { KeptSubscription } from '../../../wire/events.js'
import { isCount } from '../../../wire/is-count.js'
import { isObject } from '../../../wire/json-object.js'
import { MAX_SUBSCRIBED_TAG_LENGTH } from '../../../wire/limits.js'
import { readErrorRecord } from '../../../wire/read-error-record.js'
import { type ReadEvents, readEvents } from '../../../wire/read-events.js'
import { EVENT, EVENTS } from '../../../wire/write-events.js'

const SUBSCRIBE = 9
const FAILURE = 12

/** What belongs to events. */
export type EventMessage =
  | { readonly kind: 'subscribe'; readonly id: number; readonly tag: string }
  | { readonly kind: 'events'; readonly events: ReadEvents }
  | { readonly kind: 'failure'; readonly event: number; readonly sequence: number; readonly error: ErrorRecord }

export function writeSubscribe(id: number, tag: string): string {
  return `[${SUBSCRIBE},${id},${JSON.stringify(tag)}]`
}

/** The output that a subscription is answered with, as JSON text. */
export function printKept({ event, sequence, leaseMs }: KeptSubscription): string {
  return `{"event":${event},"sequence":${sequence},"leaseMs":${leaseMs}}`
}

/** Reads what a subscription was answered with, or answers undefined where that is nothing of the kind. */
export function readKept(output: unknown): KeptSubscription | undefined {
  if (!isObject(output)) return undefined
  const { event, sequence, leaseMs } = output as Partial<Record<string, unknown>>
  const isSequence = sequence === 0 || isCount(sequence)
  return isCount(event) && isSequence && isCount(leaseMs) ? { event, sequence, leaseMs } : undefined
}

export function writeFailure(event: number, sequence: number, error: ErrorRecord): string {
  return `[${FAILURE},${event},${sequence},${JSON.stringify(error)}]`
}

/** Reads a message of this kind, or answers undefined where it is none. */
export function readEventMessage(message: readonly unknown[]): EventMessage | undefined {
  switch (message[0]) {
    case EVENT:
    case EVENTS: {
      const events = readEvents(message)
      return events && { kind: 'events', events }
    }
    case SUBSCRIBE:
      return readSubscribe(message)
    case FAILURE:
      return readFailure(message)
    default:
      return undefined
  }
}

/** A fourth item, an object, may come from a newer peer: it is left. */
function readSubscribe(message: readonly unknown[]): EventMessage | undefined {
  const [, id, tag, extras = {}] = message
  const isTag = typeof tag === 'string' && tag.length <= MAX_SUBSCRIBED_TAG_LENGTH
  return isTag && isCount(id) && message.length <= 4 && isObject(extras) ? { kind: 'subscribe', id, tag } : undefined
}

function readFailure(message: readonly unknown[]): EventMessage | undefined {
  const [, event, sequence, record] = message
  const error = message.length === 4 ? readErrorRecord(record) : undefined
  return error && isCount(event) && isCount(sequence) ? { kind: 'failure', event, sequence, error } : undefined
}
