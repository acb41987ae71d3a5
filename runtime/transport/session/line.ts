/** What can be known of a call without reading its input. */
export interface CallHead {
  readonly id: number
  readonly tag: string
  readonly timeLeftMs: number
}

const ONE = 0x31
const FIVE = 0x35
const COMMA = 0x2c

/** Whether a line is a call, by its first characters, as every writer of netgen has them. */
export function isCall(line: string): boolean {
  return line.charCodeAt(1) === ONE && line.charCodeAt(2) === COMMA
}

/** Whether a line asks for an event. */
export function isSubscription(line: string): boolean {
  return line.startsWith('[9,')
}

/** Whether a line is an item of a stream. */
export function isItem(line: string): boolean {
  return line.charCodeAt(1) === FIVE && line.charCodeAt(2) === COMMA
}

/** The call that a line belongs to which is no call itself; NaN where it belongs to none. */
export function readCallId(line: string): number {
  return Number(/^\[(?:[2-7]|11),(\d{1,16})[,\]]/.exec(line)?.[1])
}

/** The call that a line answers, or an item of whose answer it is; NaN where it is neither. */
export function readAnsweredId(line: string): number {
  return Number(/^\[(?:[235]|11),(\d{1,16}),/.exec(line)?.[1])
}

/** The call that a line cancels; NaN where it cancels none. */
export function readCancelled(line: string): number {
  return Number(/^\[4,(\d{1,16})\]$/.exec(line)?.[1])
}

/** Reads the beginning of a call, or answers undefined where it has none that could be read. */
export function readCallHead(line: string): CallHead | undefined {
  const match = /^\[1,(\d{1,16}),("(?:[^"\\]|\\.)*"),(\d{1,16}),/.exec(line)
  if (match === null) return undefined
  const [id, timeLeftMs] = [Number(match[1]), Number(match[3])]
  const tag = readText(match[2] ?? '')
  return tag === undefined || !isWhole(id) || !isWhole(timeLeftMs) ? undefined : { id, tag, timeLeftMs }
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1
}

function readText(json: string): string | undefined {
  try {
    return String(JSON.parse(json))
  } catch {
    return undefined
  }
}
