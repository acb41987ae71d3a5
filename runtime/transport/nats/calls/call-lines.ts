import { decodeJson, MalformedJsonError } from '../../../wire/decode-json.js'
import type { ArrivedCall, CallerIdentity, WireCall } from '../../../wire/exchange.js'
import { MAX_SESSION_CALLS } from '../../../wire/limits.js'
import { readUtf8 } from '../../../wire/read-utf8.js'
import { type LinesLimit, readSomeLines } from '../../frame-writer.js'

/** From how many bytes on a message is one line: more than the longest that netgen lets several share, so that none holds very many. */
const MAX_SHARED_BYTES = 128 * 1024

/**
 * How many lines of a message are read, since to refuse one takes some 20 µs: a peer that makes as many calls in one tick as it may have in
 * flight, and gives all of them up, writes no more.
 */
const LINES_LIMIT: LinesLimit = { lines: 2 * MAX_SESSION_CALLS, length: Number.POSITIVE_INFINITY }

const SPACE = ' '
const MORE = '+'
const TAB = '\t'
const [ZERO, NINE] = [0x30, 0x39]
const [LF_BYTE, SPACE_BYTE] = [0x0a, 0x20]

/** How long a number and a status may be together. */
const MAX_HEAD_BYTES = 32

/** A call as one line: `PROTOCOL.md` says of what it consists. */
export function writeCallLine(
  id: number,
  { timeLeftMs, body, callId, metadata }: Omit<WireCall, 'tag' | 'caller'>,
): string {
  if (callId === undefined && metadata === undefined) return `${id} ${timeLeftMs} ${body}`
  return `${id} ${timeLeftMs}${MORE}${JSON.stringify({ callId, metadata })}${TAB}${body}`
}

/** An answer as one line. `status` is that of HTTP. */
export function writeAnswerLine(id: number, status: number, body: string): string {
  return `${id} ${status} ${body}`
}

/** A line that says no more of a call than its number: its caller does not wait any more, or its callee will not answer. */
export function writeEndLine(id: number): string {
  return String(id)
}

/** Hands over the lines of a message; of very many, the first. Where it is not UTF-8, they are its bytes, each as the character with its number. */
export function readMessageLines(data: Uint8Array, onLine: (line: string, isUtf8: boolean) => void): void {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const text = readUtf8(bytes)
  const isUtf8 = text !== undefined
  const lines = text ?? bytes.toString('latin1')
  if (data.length < MAX_SHARED_BYTES) readSomeLines(lines, 0, LINES_LIMIT, (line) => onLine(line, isUtf8))
  else onLine(lines.endsWith('\n') ? lines.slice(0, -1) : lines, isUtf8)
}

/** The number of a call at the beginning of its line; NaN where it has none. */
export function readCallId(line: string): number {
  const end = line.indexOf(SPACE)
  const id = Number(end === -1 ? line : line.slice(0, end))
  return Number.isSafeInteger(id) && id >= 1 ? id : Number.NaN
}

/** The call that a line is, or undefined where it says that one is not waited for any more. */
export function readCallLine(
  line: string,
  isUtf8: boolean,
  tag: string,
  caller: CallerIdentity,
): ArrivedCall | undefined {
  const from = line.indexOf(SPACE) + 1
  if (from === 0) return undefined
  const end = skipDigits(line, from)
  const time = Number(line.slice(from, end))
  const timeLeftMs = time >= 1 ? time : undefined
  if (line[end] !== MORE) return { tag, input: { text: readBody(line, end + 1, isUtf8) }, timeLeftMs, caller }
  const tab = line.indexOf(TAB, end)
  const { callId, metadata } = readExtras(line.slice(end + 1, tab))
  return { tag, input: { text: readBody(line, tab + 1, isUtf8) }, timeLeftMs, caller, callId, metadata }
}

/** How long the answer is that a message of one line holds, in bytes; the message, where its line has no beginning that is short enough. */
export function countAnswerBytes(data: Uint8Array): number {
  const head = data.subarray(0, MAX_HEAD_BYTES)
  const status = head.indexOf(SPACE_BYTE) + 1
  const body = status === 0 ? 0 : head.indexOf(SPACE_BYTE, status) + 1
  return data.length - body - (data.at(-1) === LF_BYTE ? 1 : 0)
}

/** The answer that a line is, or undefined where it says that there will be none. */
export function readAnswerLine(
  line: string,
  isUtf8: boolean,
): { readonly status: number; readonly body: string | Uint8Array } | undefined {
  const from = line.indexOf(SPACE) + 1
  if (from === 0) return undefined
  const end = skipDigits(line, from)
  return { status: Number(line.slice(from, end)), body: readBody(line, end + 1, isUtf8) }
}

function readBody(line: string, from: number, isUtf8: boolean): string | Uint8Array {
  const body = line.slice(from)
  return isUtf8 ? body : Buffer.from(body, 'latin1')
}

function skipDigits(line: string, from: number): number {
  let at = from
  for (let unit = line.charCodeAt(at); unit >= ZERO && unit <= NINE; unit = line.charCodeAt(at)) at++
  return at
}

/** What is no object is refused where metadata is: a call that has a name is not run without it. */
function readExtras(text: string): { readonly callId?: string | undefined; readonly metadata?: unknown } {
  try {
    const extras = decodeJson(text)
    if (typeof extras !== 'object' || extras === null) return { metadata: text }
    const { callId, metadata } = extras as Record<string, unknown>
    return callId === undefined
      ? { metadata }
      : { callId: typeof callId === 'string' ? callId : JSON.stringify(callId), metadata }
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error
    return { metadata: text }
  }
}
