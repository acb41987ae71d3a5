/** FIN, and the opcode of text. */
const FINAL_TEXT = String.fromCharCode(0x81)

const MASK = 0x80

const MASK_OF_ZEROS = '\0\0\0\0'

/**
 * A whole frame with an ASCII text (RFC 6455, 5.2), as a string of bytes: to be written as Latin-1. What is masked has a mask of
 * zeros, which changes nothing of the text.
 */
export function writeTextFrame(text: string, isMasked: boolean): string {
  return writeHead(text.length, isMasked) + text
}

/** The same with any text, as bytes. `bytes` is how many the text has in UTF-8. */
export function encodeTextFrame(text: string, bytes: number, isMasked: boolean): Buffer {
  const head = writeHead(bytes, isMasked)
  const frame = Buffer.allocUnsafe(head.length + bytes)
  frame.write(head, 'latin1')
  frame.write(text, head.length, bytes === text.length ? 'latin1' : 'utf8')
  return frame
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
