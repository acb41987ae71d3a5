import { writeUtf8 } from '../../wire/write-utf8.js'

/** FIN, and the opcode of text. */
const FINAL_TEXT = String.fromCharCode(0x81)

const MASK = 0x80

const MASK_OF_ZEROS = '\0\0\0\0'

/** The longest head: two bytes, eight for the length, four for the mask. */
const MAX_HEAD_BYTES = 14

/**
 * A whole frame with an ASCII text (RFC 6455, 5.2), as a string of bytes: to be written as Latin-1. What is masked has a mask of
 * zeros, which changes nothing of the text.
 */
export function writeTextFrame(text: string, isMasked: boolean): string {
  return writeHead(text.length, isMasked) + text
}

/** A text in UTF-8 that is about to be a frame: with room for the head, so that its bytes are never copied. */
export class FrameText {
  readonly #bytes: Buffer
  readonly #length: number

  /** `isAscii`: where that is known of the text. */
  constructor(text: string, isAscii: boolean) {
    this.#bytes = writeUtf8(text, MAX_HEAD_BYTES, isAscii)
    this.#length = text.length
  }

  /** Whether it is ASCII. */
  get isAscii(): boolean {
    return this.#bytes.length - MAX_HEAD_BYTES === this.#length
  }

  /** The whole frame. To be called once. */
  enclose(isMasked: boolean): Buffer {
    const head = writeHead(this.#bytes.length - MAX_HEAD_BYTES, isMasked)
    const from = MAX_HEAD_BYTES - head.length
    this.#bytes.write(head, from, 'latin1')
    return this.#bytes.subarray(from)
  }
}

function writeHead(bytes: number, isMasked: boolean): string {
  return `${FINAL_TEXT}${writeLength(bytes, isMasked ? MASK : 0)}${isMasked ? MASK_OF_ZEROS : ''}`
}

function writeLength(length: number, mask: number): string {
  if (length < 126) return String.fromCharCode(mask | length)
  if (length < 0x1_0000) return String.fromCharCode(mask | 126, length >>> 8, length & 0xff)
  // Eight bytes, of which no text needs the first four.
  return String.fromCharCode(mask | 127, 0, 0, 0, 0, ...bytesOf(length))
}

function bytesOf(length: number): number[] {
  return [length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff]
}
