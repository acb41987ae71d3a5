import { MAX_LINE_EVENTS } from './limits.js'

/** The number of the kind of message that one event is: `[10, event, sequence, emittedAtMs, payload]`. */
export const EVENT = 10

/** The same of several that follow each other: `[13, event, sequence, emittedAtMs, [payload, …]]`. */
export const EVENTS = 13

/** An event to be written. */
export interface WrittenEvent {
  /** The publisher's own number of the event. */
  readonly event: number
  /** Which one it is of its event and publisher, from 1 on. */
  readonly sequence: number
  /** When it was emitted, by the publisher's clock: milliseconds since 1970. */
  readonly emittedAtMs: number
  /** JSON text. */
  readonly payload: string
}

/**
 * How long payloads get that share a line, in UTF-16 units. An array of 20 of 100 bytes is read in two thirds of the time that 20 lines take;
 * those of 1 KB gain nothing, and a reader has to count the brackets of a long line one by one.
 */
const MAX_SHARED_LENGTH = 2 * 1024

/**
 * Puts events together to lines, the same for every subscriber. What follows what the line before ended with, and was emitted in the
 * same millisecond, is written into that line while it is short.
 */
export class EventLines {
  /** The lines that have ended. */
  #text = ''
  /** The first of the line that has not. */
  #first: WrittenEvent | undefined
  /** The payloads of that line. */
  #payloads = ''
  #count = 0

  /** Of all that was added, in UTF-16 units; without the last line's numbers. */
  get length(): number {
    return this.#text.length + this.#payloads.length
  }

  add(event: WrittenEvent): void {
    if (this.#first !== undefined && this.#fits(this.#first, event)) {
      this.#payloads += `,${event.payload}`
      this.#count++
      return
    }
    this.#endLine()
    this.#first = event
    this.#payloads = event.payload
    this.#count = 1
  }

  /** Answers the lines of all that was added, each with its LF, and begins anew. */
  take(): string {
    this.#endLine()
    const text = this.#text
    this.#text = ''
    return text
  }

  #fits(first: WrittenEvent, { event, sequence, emittedAtMs, payload }: WrittenEvent): boolean {
    return (
      event === first.event &&
      sequence === first.sequence + this.#count &&
      emittedAtMs === first.emittedAtMs &&
      this.#count < MAX_LINE_EVENTS &&
      this.#payloads.length + payload.length <= MAX_SHARED_LENGTH
    )
  }

  #endLine(): void {
    if (this.#first === undefined) return
    const { event, sequence, emittedAtMs } = this.#first
    const payload = this.#count === 1 ? this.#payloads : `[${this.#payloads}]`
    this.#text += `[${this.#count === 1 ? EVENT : EVENTS},${event},${sequence},${emittedAtMs},${payload}]\n`
    this.#first = undefined
    this.#payloads = ''
  }
}
