import { cleanLine, cleanText } from '../errors/clean-text.js'
import { isErrorCode } from '../errors/codes.js'
import { cutText } from '../errors/print-value.js'
import type { Frame, Hop } from '../errors/remote.js'
import type { Skew } from '../errors/skew-error.js'
import type { Unserved } from '../errors/unserved.js'
import { copyJson } from './copy-json.js'
import type { CauseRecord, ErrorProperties, ErrorRecord, NestedRecord } from './error-record.js'
import { isObject } from './json-object.js'
import {
  MAX_CAUSE_DEPTH,
  MAX_CUTS,
  MAX_ERRORS,
  MAX_FRAMES,
  MAX_HOPS,
  MAX_TOLD_NAME_LENGTH,
  MAX_TOLD_TAGS,
} from './limits.js'

/** In UTF-16 units: what netgen itself writes is shorter. */
const MAX_MESSAGE_LENGTH = 20_000

/** In bytes of JSON: more than netgen itself writes. */
const MAX_PROPERTY_BYTES = 64 * 1024

/** Each error may have notes beside it that say what was cut. */
const MAX_RECORDS = 4 * MAX_ERRORS

/**
 * Reads an error that another peer wrote down, or answers undefined where the value is none.
 *
 * It is forgiving in all that only explains (frames, causes, properties), since a failure that cannot be shown helps nobody, and
 * strict in what decides: kind, name, message and code. Every text that may be printed is cleaned and cut here.
 */
export function readErrorRecord(value: unknown): ErrorRecord | undefined {
  const record = readRecord(value, 0, { left: MAX_RECORDS })
  if (record === undefined || !isObject(value) || !isErrorCode(value['code'])) return undefined
  const cuts = readList(value['cuts'], MAX_CUTS, (cut) => (typeof cut === 'string' ? readName(cut) : undefined))
  return {
    ...record,
    code: value['code'],
    maybeExecuted: value['maybeExecuted'] !== false,
    errorId: typeof value['errorId'] === 'string' ? readName(value['errorId']) : '',
    hops: record.hops ?? [],
    ...(typeof value['digest'] === 'string' ? { digest: readName(value['digest']) } : {}),
    ...readUnserved(value['unserved']),
    ...(cuts.length === 0 ? {} : { cuts }),
  }
}

function readUnserved(value: unknown): { unserved?: Unserved } {
  if (!isObject(value) || typeof value['peer'] !== 'string' || typeof value['asked'] !== 'string') return {}
  const has = readList(value['has'], MAX_TOLD_TAGS, (tag) => (typeof tag === 'string' ? readName(tag) : undefined))
  return { unserved: { peer: readName(value['peer']), asked: readName(value['asked']), has } }
}

interface Count {
  left: number
}

function readRecord(value: unknown, depth: number, count: Count): CauseRecord | undefined {
  // One level more than is written, for the note that says what was cut there.
  if (!isObject(value) || depth > MAX_CAUSE_DEPTH + 1 || count.left-- <= 0) return undefined
  const { kind, name, message, code } = value
  if (kind !== 'declared' && kind !== 'builtin' && kind !== 'netgen' && kind !== 'other') return undefined
  if (typeof name !== 'string' || typeof message !== 'string') return undefined
  const read = (nested: unknown): NestedRecord | undefined => readNested(nested, depth + 1, count)
  return {
    kind,
    name: readName(name),
    message: cutText(cleanText(message), MAX_MESSAGE_LENGTH),
    ...(isErrorCode(code) ? { code } : {}),
    ...('data' in value ? { data: value['data'] } : {}),
    ...readSkew(value['skew']),
    ...readProperties(value['properties']),
    ...(Array.isArray(value['hops']) ? { hops: readList(value['hops'], MAX_HOPS, readHop) } : {}),
    ...readOne(value, 'cause', read),
    ...readOne(value, 'error', read),
    ...readOne(value, 'suppressed', read),
    ...(Array.isArray(value['errors']) ? { errors: readList(value['errors'], MAX_ERRORS, read) } : {}),
  }
}

/** Data of declared errors are as their schema says; what nobody declared is cleaned like any text. */
function readProperties(value: unknown): Pick<CauseRecord, 'properties'> {
  if (!isObject(value)) return {}
  const copy = copyJson(value, MAX_PROPERTY_BYTES, cleanText)
  return copy.ok ? { properties: copy.value as ErrorProperties } : {}
}

function readSkew(value: unknown): { skew?: Skew } {
  if (!isObject(value)) return {}
  const { tag, caller, callee } = value
  if (typeof tag !== 'string' || typeof caller !== 'string' || typeof callee !== 'string') return {}
  return { skew: { tag: readName(tag), caller: readName(caller), callee: readName(callee) } }
}

function readNested(value: unknown, depth: number, count: Count): NestedRecord | undefined {
  if (isObject(value) && typeof value['same'] === 'string') return { same: value['same'] }
  return readRecord(value, depth, count)
}

function readOne(
  value: Record<string, unknown>,
  key: 'cause' | 'error' | 'suppressed',
  read: (nested: unknown) => NestedRecord | undefined,
): Partial<CauseRecord> {
  const nested = read(value[key])
  return nested === undefined ? {} : { [key]: nested }
}

function readHop(value: unknown): Hop | undefined {
  if (!isObject(value) || typeof value['peer'] !== 'string' || typeof value['tag'] !== 'string') return undefined
  return {
    peer: readName(value['peer']),
    tag: readName(value['tag']),
    frames: readList(value['frames'], MAX_FRAMES, readFrame),
    ...(typeof value['root'] === 'string' ? { root: readName(value['root']) } : {}),
  }
}

function readFrame(value: unknown): Frame | undefined {
  if (!isObject(value)) return undefined
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
  return cutText(cleanLine(text), MAX_TOLD_NAME_LENGTH)
}

function readList<Item>(value: unknown, max: number, read: (item: unknown) => Item | undefined): Item[] {
  if (!Array.isArray(value)) return []
  return value
    .slice(0, max)
    .map(read)
    .filter((item) => item !== undefined)
}
