import { EntryQueue } from '../entry-queue.js'

const LF = 0x0a

/** Bytes that arrived, given out line by line. Each byte is looked at once, however the lines are cut. */
export class LineBuffer {
  readonly #chunks = new EntryQueue<Buffer>()
  /** What came before them, behind the last line that was taken. */
  #rest: Buffer | undefined
  /** The beginning of a line whose end has not come. */
  #parts: Buffer[] = []
  #partBytes = 0
  #bytes = 0

  /** All bytes that wait, in whole lines and in part of one. */
  get bytes(): number {
    return this.#bytes
  }

  /** The bytes of the line whose end has not come, once no whole line is left. */
  get partBytes(): number {
    return this.#partBytes
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
  }

  /** Forgets what waits. */
  clear(): void {
    this.#chunks.clear()
    this.#rest = undefined
    this.#parts = []
    this.#partBytes = 0
    this.#bytes = 0
  }

  /** The next whole line without its LF; undefined where there is none. */
  take(): Buffer | undefined {
    for (let chunk = this.#takeChunk(); chunk !== undefined; chunk = this.#takeChunk()) {
      const end = chunk.indexOf(LF)
      if (end !== -1) {
        if (end + 1 < chunk.length) this.#rest = chunk.subarray(end + 1)
        return this.#join(chunk.subarray(0, end))
      }
      this.#parts.push(chunk)
      this.#partBytes += chunk.length
    }
    return undefined
  }

  #takeChunk(): Buffer | undefined {
    const rest = this.#rest
    this.#rest = undefined
    return rest ?? this.#chunks.take()
  }

  #join(last: Buffer): Buffer {
    const line = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last])
    this.#parts = []
    this.#partBytes = 0
    this.#bytes -= line.length + 1
    return line
  }
}
