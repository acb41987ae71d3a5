import { cleanLine, cleanText } from '../errors/clean-text.js'
import { isErrorCode } from '../errors/codes.js'
import { cutText } from '../errors/print-value.js'
import type { Frame, Hop } from '../errors/remote.js'
import type { CauseRecord, ErrorRecord } from './error-record.js'

const MAX_HOPS = 16
const MAX_FRAMES = 64
const MAX_CAUSE_DEPTH = 16
/** In UTF-16 units: what netgen itself writes is shorter. */
const MAX_MESSAGE_LENGTH = 20_000
const MAX_NAME_LENGTH = 500

/**
 * Reads an error that another peer wrote down, or answers undefined where the value is none.
 *
 * It is forgiving in all that only explains (frames, causes), since a failure that cannot be shown helps nobody, and strict
 * in what decides: kind, name, message and code. Every text that may be printed is cleaned and cut here.
 */
export function readErrorRecord(value: unknown): ErrorRecord | undefined {
  const record = readCause(value, 0)
  if (record === undefined || !isRecord(value) || !isErrorCode(value['code'])) return undefined
  return {
    ...record,
    code: value['code'],
    maybeExecuted: value['maybeExecuted'] !== false,
    errorId: typeof value['errorId'] === 'string' ? readName(value['errorId']) : '',
    hops: readList(value['hops'], MAX_HOPS, readHop),
  }
}

function readCause(value: unknown, depth: number): CauseRecord | undefined {
  if (!isRecord(value) || depth > MAX_CAUSE_DEPTH) return undefined
  const { kind, name, message, code } = value
  if (kind !== 'declared' && kind !== 'builtin' && kind !== 'netgen' && kind !== 'other') return undefined
  if (typeof name !== 'string' || typeof message !== 'string') return undefined
  const cause = readCause(value['cause'], depth + 1)
  return {
    kind,
    name: readName(name),
    message: cutText(cleanText(message), MAX_MESSAGE_LENGTH),
    ...(isErrorCode(code) ? { code } : {}),
    ...('data' in value ? { data: value['data'] } : {}),
    ...(cause === undefined ? {} : { cause }),
    ...(Array.isArray(value['errors'])
      ? { errors: readList(value['errors'], MAX_HOPS, (part) => readCause(part, depth + 1)) }
      : {}),
  }
}

function readHop(value: unknown): Hop | undefined {
  if (!isRecord(value) || typeof value['peer'] !== 'string' || typeof value['tag'] !== 'string') return undefined
  return {
    peer: readName(value['peer']),
    tag: readName(value['tag']),
    frames: readList(value['frames'], MAX_FRAMES, readFrame),
  }
}

function readFrame(value: unknown): Frame | undefined {
  if (!isRecord(value)) return undefined
  const { file, line, column } = value
  if (typeof file !== 'string' || !Number.isInteger(line) || !Number.isInteger(column)) return undefined
  return {
    ...(typeof value['function'] === 'string' ? { function: readName(value['function']) } : {}),
    file: readName(file),
    line: line as number,
    column: column as number,
    async: value['async'] === true,
  }
}

function readName(text: string): string {
  return cutText(cleanLine(text), MAX_NAME_LENGTH)
}

function readList<Item>(value: unknown, max: number, read: (item: unknown) => Item | undefined): Item[] {
  if (!Array.isArray(value)) return []
  return value
    .slice(0, max)
    .map(read)
    .filter((item) => item !== undefined)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
