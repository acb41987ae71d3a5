import { openSync, readSync } from 'node:fs'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * For how long the event loop stood still. Where the system tells it (Linux), time that the thread waited for a processor does not
 * count: then it is another process that was busy.
 */
export class StallMeter {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: 1 })
  readonly #file = openSchedule()
  #ranMs = 0
  #longestMs = 0

  constructor() {
    this.#delay.enable()
    this.#ranMs = this.#readRanMs()
    setInterval(() => this.#tick(), 1).unref()
  }

  /** The longest since it was read last, in milliseconds. */
  read(): number {
    this.#tick()
    const longestMs =
      this.#file === undefined ? this.#delay.max / 1e6 : Math.min(this.#longestMs, this.#delay.max / 1e6)
    this.#delay.reset()
    this.#longestMs = 0
    return longestMs
  }

  /** What the thread has worked since the tick before is the most that anything between the two took. */
  #tick(): void {
    const ranMs = this.#readRanMs()
    this.#longestMs = Math.max(this.#longestMs, ranMs - this.#ranMs)
    this.#ranMs = ranMs
  }

  #readRanMs(): number {
    if (this.#file === undefined) return 0
    const buffer = Buffer.alloc(64)
    const length = readSync(this.#file, buffer, 0, buffer.length, 0)
    return Number(buffer.toString('latin1', 0, length).split(' ')[0]) / 1e6
  }
}

/** How long the thread had a processor, in nanoseconds, is the first number there. */
function openSchedule(): number | undefined {
  try {
    return openSync('/proc/self/schedstat', 'r')
  } catch {
    return undefined
  }
}
