/**
 * How long the first frame of a tick may grow before it leaves, in UTF-16 units: some 20 small calls. With it the other process
 * begins while this one still writes. With 64 small calls in flight both take turns without it, and half of each is spent waiting:
 * 1.6 to 1.9 times the calls per second. Each further frame of the tick may be twice as long, so that a burst takes few of them.
 */
const FIRST_LENGTH = 1024

/** How long any frame may grow: at 1 KB a message, 1.3 times the calls per second at 16 in flight and 1.9 times at 64. */
const MAX_LENGTH = 8 * 1024

/** Gathers the lines of one tick into few frames. A line that is longer than the longest frame leaves alone. */
export class FrameWriter {
  readonly #send: (frame: string) => void
  #frame = ''
  #maxLength = FIRST_LENGTH
  #isScheduled = false

  constructor(send: (frame: string) => void) {
    this.#send = send
  }

  write(line: string): void {
    if (line.length >= MAX_LENGTH) {
      this.flush()
      this.#send(`${line}\n`)
      return
    }
    this.#frame += `${line}\n`
    if (this.#frame.length >= this.#maxLength) {
      this.flush()
      this.#maxLength = Math.min(this.#maxLength * 2, MAX_LENGTH)
    }
    if (this.#isScheduled) return
    this.#isScheduled = true
    process.nextTick(this.#flushTick)
  }

  /** Sends at once what was gathered. */
  flush(): void {
    if (this.#frame === '') return
    const frame = this.#frame
    this.#frame = ''
    this.#send(frame)
  }

  readonly #flushTick = (): void => {
    this.#isScheduled = false
    this.#maxLength = FIRST_LENGTH
    this.flush()
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
