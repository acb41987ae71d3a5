import { Buffer } from 'node:buffer'

/** Hands text to a socket. */
export type Write = (text: string) => void

const LF = 10

/** Turns chunks of bytes into whole lines. Bytes are joined only where a line spans chunks. */
export function readLines(onLine: (line: string) => void): (chunk: Buffer) => void {
  let begun: Buffer[] = []
  return (chunk) => {
    const last = chunk.lastIndexOf(LF)
    if (last === -1) {
      begun.push(chunk)
      return
    }
    const whole = begun.length === 0 ? chunk.toString('utf8', 0, last) : joinText(begun, chunk, last)
    begun = last + 1 < chunk.length ? [chunk.subarray(last + 1)] : []
    splitLines(whole, onLine)
  }
}

function joinText(begun: readonly Buffer[], chunk: Buffer, end: number): string {
  return Buffer.concat([...begun, chunk.subarray(0, end)]).toString('utf8')
}

/** Hands over the lines of a text, one by one; the last needs no LF. */
export function splitLines(text: string, onLine: (line: string) => void): void {
  let start = 0
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    onLine(text.slice(start, end))
    start = end + 1
  }
  if (start < text.length) onLine(text.slice(start))
}

/** Gathers what is written in one tick into one write. */
export function gatherTick(write: Write): Write {
  let gathered = ''
  const flush = (): void => {
    const text = gathered
    gathered = ''
    write(text)
  }
  return (text) => {
    if (gathered === '') process.nextTick(flush)
    gathered += text
  }
}
