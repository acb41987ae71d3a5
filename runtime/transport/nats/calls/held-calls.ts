import { decodeJson, decodeUtf8, MalformedJsonError } from '../../../wire/decode-json.js'
import type { EngineMessage } from '../engine.js'

/** How many calls one question is about: the least that a message may hold has room for so many. */
const MAX_NAMES = 256

/** How long the name of a call may be, and what stands before it. */
const MAX_NAME_LENGTH = 32
const MAX_INBOX_LENGTH = 512

/** The questions of which calls a peer has: calls are named by what follows `inbox` where their answers come. */
export function* printHeld(inbox: string, names: readonly string[]): Iterable<string> {
  for (let start = 0; start < names.length; start += MAX_NAMES)
    yield JSON.stringify({ inbox, calls: names.slice(start, start + MAX_NAMES) })
}

/** What such a question says. */
export interface HeldQuestion {
  /** What begins the subjects where the calls are answered. */
  readonly inbox: string
  readonly calls: readonly string[]
}

/** Reads such a question; undefined where it is none. The answer is a JSON array of the calls that are not here. */
export function readHeld(data: Uint8Array): HeldQuestion | undefined {
  const { inbox, calls } = (read(data) ?? {}) as { inbox?: unknown; calls?: unknown }
  return typeof inbox === 'string' && inbox.length <= MAX_INBOX_LENGTH && isNames(calls) ? { inbox, calls } : undefined
}

/** The names that such an answer holds; none where it is no such answer. */
export function readUnknown({ data }: EngineMessage): readonly string[] {
  const names = read(data)
  return isNames(names) ? names : []
}

function isNames(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length > MAX_NAMES) return false
  return value.every((name) => typeof name === 'string' && name.length <= MAX_NAME_LENGTH)
}

function read(data: Uint8Array): unknown {
  try {
    return decodeJson(decodeUtf8(data))
  } catch (error) {
    if (error instanceof MalformedJsonError) return undefined
    throw error
  }
}
