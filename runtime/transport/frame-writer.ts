/** How long the frames of a tick may grow before they leave, in UTF-16 units. */
export interface FrameLimits {
  /** The first frame. Each further one may be twice as long as the one before, so that a burst takes few of them. */
  readonly firstLength: number
  /** How many lines a frame has at least, unless fewer have this length. Default: one. */
  readonly few?: { readonly lines: number; readonly length: number }
  /** Any frame, however few lines it has. */
  readonly maxLength: number
  /** From which length on a line leaves alone. */
  readonly aloneLength: number
}

/**
 * Those of a session. The first of a tick has some 20 small calls, so that the other process begins while this one still writes: with 64
 * small calls in flight both take turns without it, and half of each is spent waiting, 1.6 to 1.9 times the calls per second.
 *
 * To write a frame, and to be woken by it, costs each process about a quarter of a record of 1 KB. With the first of them in a frame of
 * its own, and the next two in another, there were 0.93 times as many records per second at 16 in flight, and 0.96 times at 64. For the
 * longest, 8 KiB gave 1.3 times as many as none at 16 in flight and 1.9 times at 64; this gives another 1.05 times at 64 and at 256.
 */
const SESSION_LIMITS: FrameLimits = {
  firstLength: 1024,
  few: { lines: 4, length: 4 * 1024 },
  maxLength: 12 * 1024,
  // A frame of its own costs little beside it.
  aloneLength: 8 * 1024,
}

const ANY = { lines: 1, length: 0 }

/** Gathers the lines of one tick into few frames. A long line leaves alone. */
export class FrameWriter {
  readonly #send: (frame: string, isEarly: boolean) => void
  readonly #chooseLimits: () => FrameLimits
  /** Those of this tick. */
  #limits: FrameLimits = SESSION_LIMITS
  #frame = ''
  #lines = 0
  /** How long the next frame of this tick may grow. */
  #nextLength = 0
  #isScheduled = false

  /**
   * `send` is told of a frame that leaves before the tick is over, since it is long enough. The limits are chosen when the first line of
   * a tick is written.
   */
  constructor(send: (frame: string, isEarly: boolean) => void, chooseLimits: () => FrameLimits = () => SESSION_LIMITS) {
    this.#send = send
    this.#chooseLimits = chooseLimits
  }

  /** Whether all that was written has left. */
  get isEmpty(): boolean {
    return this.#frame === ''
  }

  write(line: string): void {
    if (!this.#isScheduled) this.#begin()
    const { few = ANY, maxLength, aloneLength } = this.#limits
    if (line.length >= aloneLength) {
      this.#leave(true)
      this.#send(`${line}\n`, true)
      return
    }
    this.#frame += `${line}\n`
    this.#lines++
    const { length } = this.#frame
    const isLong = length >= this.#nextLength && (this.#lines >= few.lines || length >= few.length)
    if (isLong || length >= maxLength) {
      this.#leave(true)
      this.#nextLength = length * 2
    }
    if (this.#isScheduled) return
    this.#isScheduled = true
    process.nextTick(this.#flushTick)
  }

  /** Sends at once what was gathered. */
  flush(): void {
    this.#leave(false)
  }

  #begin(): void {
    this.#limits = this.#chooseLimits()
    this.#nextLength = this.#limits.firstLength
  }

  #leave(isEarly: boolean): void {
    if (this.#frame === '') return
    const frame = this.#frame
    this.#frame = ''
    this.#lines = 0
    this.#send(frame, isEarly)
  }

  readonly #flushTick = (): void => {
    this.#isScheduled = false
    this.#leave(false)
  }
}

/** Hands over the lines of a frame, one by one. What stands behind the last LF is a line too, if there is anything. */
export function readLines(frame: string, onLine: (line: string) => void): void {
  readSomeLines(frame, 0, { lines: Number.POSITIVE_INFINITY, length: Number.POSITIVE_INFINITY }, onLine)
}

/** How much is read of a frame: no line more when one of the two is reached. */
export interface LinesLimit {
  readonly lines: number
  /** In UTF-16 units. */
  readonly length: number
}

/** The same from a place on, up to a limit. Answers where the next line begins; where there is none, the frame's length. */
export function readSomeLines(
  frame: string,
  from: number,
  { lines, length }: LinesLimit,
  onLine: (line: string) => void,
): number {
  let start = from
  for (let left = lines; left > 0 && start - from < length; left--) {
    const end = frame.indexOf('\n', start)
    if (end === -1) {
      if (start < frame.length) onLine(frame.slice(start))
      return frame.length
    }
    onLine(frame.slice(start, end))
    start = end + 1
  }
  return start
}
