import { transcode } from 'node:buffer'
import { hasIcu, NODE_MAJOR } from './node-version.js'

/** Before Node 26 its encoder writes one character at a time, and counts them before for whoever has to know the length. */
const isEncoderSlow = NODE_MAJOR < 26 && hasIcu

/** From how many UTF-16 units on it is worth its while to have ICU's buffers made. */
const MIN_TRANSCODED_LENGTH = 512

/** As long as the frames that are gathered, with room enough: 48 KiB for the process, made when they are first needed. */
const MAX_KEPT_LENGTH = 24 * 1024

let kept: Buffer | undefined

/** A text as UTF-8, behind `room` bytes that hold nothing yet; `isAscii` where that is known of it. A lone surrogate is written as U+FFFD. */
export function writeUtf8(text: string, room: number, isAscii: boolean): Buffer {
  const isTranscoded = isEncoderSlow && !isAscii && text.length >= MIN_TRANSCODED_LENGTH
  return (isTranscoded ? transcodeText(text, room) : undefined) ?? encodeText(text, room, isAscii)
}

function encodeText(text: string, room: number, isAscii: boolean): Buffer {
  const bytes = Buffer.allocUnsafe(room + (isAscii ? text.length : Buffer.byteLength(text)))
  bytes.write(text, room, isAscii ? 'latin1' : 'utf8')
  return bytes
}

/** Eight records of 1 KB with a word beyond ASCII in 2 instead of 6 µs. Undefined where the text holds a lone surrogate. */
function transcodeText(text: string, room: number): Buffer | undefined {
  const units = room + text.length
  const source = takeBuffer(2 * units)
  // Characters of one byte each keep the room.
  source.fill(0, 0, 2 * room)
  source.write(text, 2 * room, 'ucs2')
  try {
    return transcode(source.subarray(0, 2 * units), 'ucs2', 'utf8')
  } catch {
    return undefined
  }
}

function takeBuffer(bytes: number): Buffer {
  if (bytes > 2 * MAX_KEPT_LENGTH) return Buffer.allocUnsafe(bytes)
  kept ??= Buffer.allocUnsafeSlow(2 * MAX_KEPT_LENGTH)
  return kept
}
