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
