import type { EventSink, EventWay } from '../../../runtime/wire/events.js'
import { readEvents } from '../../../runtime/wire/read-events.js'
import type { SharedLines } from '../../../runtime/wire/shared-lines.js'

/** A way to a subscriber whose reader is the test. */
export class FakeSink implements EventSink, EventWay {
  readonly subscriber: { id: string; group: string }
  /** What was sent: each frame as the lines that it held. */
  readonly frames: unknown[][][] = []
  /** The very objects, to see what is shared. */
  readonly sent: SharedLines[] = []
  readonly #resumes = new Set<() => void>()
  #isCongested = false

  readonly way: EventWay
  maxBytes?: number
  /** Whether nothing leaves. */
  isLost = false

  /** `way` is one that it shares with others. Default: its own. */
  constructor(id = 'subscriber', way?: EventWay) {
    this.subscriber = { id, group: 'notes' }
    this.way = way ?? this
  }

  get reader(): string {
    return this.subscriber.id
  }

  send(lines: SharedLines): boolean {
    if (this.isLost) return false
    this.sent.push(lines)
    this.frames.push(
      lines.text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown[]),
    )
    return true
  }

  isCongested(resume: () => void): boolean {
    if (this.#isCongested) this.#resumes.add(resume)
    return this.#isCongested
  }

  /** The events that lapsed. */
  readonly lapsed: number[] = []

  onLapse(event: number): void {
    this.lapsed.push(event)
  }

  congest(): void {
    this.#isCongested = true
  }

  drain(): void {
    this.#isCongested = false
    for (const resume of [...this.#resumes]) {
      this.#resumes.delete(resume)
      resume()
    }
  }

  /** The payloads of all that was sent. */
  get payloads(): unknown[] {
    return this.frames.flat().flatMap((line) => readEvents(line)?.payloads)
  }
}
