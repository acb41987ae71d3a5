import { decodeJson } from './decode-json.js'
import type { ArrivedEvent } from './events.js'
import { isCount } from './is-count.js'
import { MAX_DEPTH, MAX_LINE_EVENTS, MAX_STRUCTURE } from './limits.js'
import { EVENT, EVENTS } from './write-events.js'

/** What a line of events held: one, or several that follow each other. */
export interface ReadEvents {
  /** The publisher's own number of the event. */
  readonly event: number
  /** Which one the first is of its event and publisher, from 1 on; each further one is one more. */
  readonly sequence: number
  /** When they were emitted, by the publisher's clock: milliseconds since 1970. */
  readonly emittedAtMs: number
  /** Not checked yet; null where the event has none. At least one, and 256 at most. */
  readonly payloads: readonly unknown[]
}

const OPENING = 0x5b
const COMMA = 0x2c
const ZERO = 0x30
const ONE = 0x31
const THREE = 0x33
/** Behind `[10,` or `[13,`. */
const HEAD_LENGTH = 4

/** Whether a line holds events, by its first characters, as every writer of netgen has them. */
export function isEvents(line: string): boolean {
  const last = line.charCodeAt(2)
  return (
    (last === ZERO || last === THREE) &&
    line.charCodeAt(1) === ONE &&
    line.charCodeAt(3) === COMMA &&
    line.charCodeAt(0) === OPENING
  )
}

/** How many levels a line of events has around each payload. */
export function countLevelsAround(line: string): number {
  return line.charCodeAt(2) === ZERO ? 1 : 2
}

/**
 * Reads a line of events as netgen writes it; undefined where it is written in another way, or is none. Its numbers are read by hand:
 * an array around each payload would be a sixth of what `JSON.parse` takes for small ones. Throws a MalformedJsonError where a payload
 * is no JSON, as `decodeJson` does.
 */
export function readEventsLine(line: string): ReadEvents | undefined {
  const eventEnd = line.indexOf(',', HEAD_LENGTH)
  const sequenceEnd = line.indexOf(',', eventEnd + 1)
  const timeEnd = line.indexOf(',', sequenceEnd + 1)
  const event = readDigits(line, HEAD_LENGTH, eventEnd)
  const sequence = readDigits(line, eventEnd + 1, sequenceEnd)
  const emittedAtMs = readDigits(line, sequenceEnd + 1, timeEnd)
  // NaN is not larger than anything either.
  if (!(event > 0 && sequence > 0 && emittedAtMs >= 0) || !line.endsWith(']')) return undefined
  const inside = countLevelsAround(line) - 1
  const read = decodeJson(line.slice(timeEnd + 1, -1), MAX_DEPTH + inside, MAX_STRUCTURE)
  const payloads = inside === 0 ? [read] : read
  return isPayloads(payloads, sequence) ? { event, sequence, emittedAtMs, payloads } : undefined
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

/** Reads what a line of events held, or answers undefined where it is none. */
export function readEvents(message: readonly unknown[]): ReadEvents | undefined {
  const [kind, event, sequence, emittedAtMs, payload] = message
  if ((kind !== EVENT && kind !== EVENTS) || message.length !== 5) return undefined
  if (!isCount(event) || !isCount(sequence) || !Number.isSafeInteger(emittedAtMs)) return undefined
  const payloads = kind === EVENT ? [payload] : payload
  return isPayloads(payloads, sequence) ? { event, sequence, emittedAtMs: emittedAtMs as number, payloads } : undefined
}

/** Hands over events one by one, each with its part of the length of their line. */
export function handOutEvents(
  { sequence, emittedAtMs, payloads }: ReadEvents,
  lineLength: number,
  onEvent: (event: ArrivedEvent, length: number) => void,
): void {
  const length = Math.ceil(lineLength / payloads.length)
  let next = sequence
  for (const payload of payloads) onEvent({ sequence: next++, emittedAtMs, payload }, length)
}

/** Also whether each of them, from the first one's sequence on, has one that is a safe integer. */
function isPayloads(value: unknown, sequence: number): value is readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LINE_EVENTS) return false
  return Number.isSafeInteger(sequence + (value.length - 1))
}
