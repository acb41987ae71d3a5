import { decodeJson } from './decode-json.js'
import { MAX_DEPTH } from './limits.js'

/** The number of the kind of message that an event is: `[10, event, sequence, emittedAtMs, payload]`. */
export const EVENT = 10

/** An event that arrived. */
export interface EventLine {
  /** The publisher's own number of the event. */
  readonly event: number
  /** Which one it is of its event and publisher, from 1 on. */
  readonly sequence: number
  /** When it was emitted, by the publisher's clock: milliseconds since 1970. */
  readonly emittedAtMs: number
  /** Not checked yet; null where the event has none. */
  readonly payload: unknown
}

/** The line of an event, the same for every subscriber. `payload` is JSON text. */
export function writeEvent(event: number, sequence: number, emittedAtMs: number, payload: string): string {
  return `[${EVENT},${event},${sequence},${emittedAtMs},${payload}]`
}

/** Whether a line is an event, by its first characters, as every writer of netgen has them. */
export function isEvent(line: string): boolean {
  return line.startsWith(`[${EVENT},`)
}

const ZERO = 0x30
/** Behind `[10,`. */
const HEAD_LENGTH = 4

/**
 * Reads an event as netgen writes it; undefined where it is written in another way, or is none. Its numbers are read by hand: an
 * array around each payload would be a sixth of what `JSON.parse` takes for small ones. Throws a MalformedJsonError where the payload
 * is no JSON, as `decodeJson` does.
 */
export function readEventLine(line: string): EventLine | undefined {
  const eventEnd = line.indexOf(',', HEAD_LENGTH)
  const sequenceEnd = line.indexOf(',', eventEnd + 1)
  const timeEnd = line.indexOf(',', sequenceEnd + 1)
  const event = readDigits(line, HEAD_LENGTH, eventEnd)
  const sequence = readDigits(line, eventEnd + 1, sequenceEnd)
  const emittedAtMs = readDigits(line, sequenceEnd + 1, timeEnd)
  // NaN is not larger than anything either.
  if (!(event > 0 && sequence > 0 && emittedAtMs >= 0) || !line.endsWith(']')) return undefined
  return { event, sequence, emittedAtMs, payload: decodeJson(line.slice(timeEnd + 1, -1), MAX_DEPTH) }
}

/** NaN where it is anything but 1 to 15 digits, which every safe integer of these has. */
function readDigits(line: string, from: number, end: number): number {
  if (end <= from || end - from > 15) return Number.NaN
  let value = 0
  for (let at = from; at < end; at++) {
    const digit = line.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** Reads what the line of an event held, or answers undefined where it is none. */
export function readEvent(message: readonly unknown[]): EventLine | undefined {
  const [kind, event, sequence, emittedAtMs, payload] = message
  if (kind !== EVENT || message.length !== 5) return undefined
  if (!isCount(event) || !isCount(sequence) || !Number.isSafeInteger(emittedAtMs)) return undefined
  return { event, sequence, emittedAtMs: emittedAtMs as number, payload }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
