import type { ErrorCode } from '../errors/codes.js'
import { findExcess, STRUCTURE_PROBLEM } from './find-excess.js'
import { MAX_DEPTH } from './limits.js'
import { readUtf8 } from './read-utf8.js'

/** What is wrong with a text: it is no JSON, or it is JSON that is not let in. */
export type JsonFault = 'syntax' | 'depth' | 'structure' | 'key'

/** Says why a text that should be JSON is refused. */
export class MalformedJsonError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'MalformedJsonError' })
  }

  readonly fault: JsonFault

  constructor(message: string, fault: JsonFault = 'syntax') {
    super(message)
    this.fault = fault
  }

  /** What whoever sent the text is told. */
  get code(): ErrorCode {
    return this.fault === 'structure' ? 'resource_exhausted' : 'invalid_argument'
  }
}

/**
 * A text as its bytes hold it. Throws a {@link MalformedJsonError} where they are not UTF-8: a replaced character would be
 * a value changed in silence.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = readUtf8(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (text === undefined) throw new MalformedJsonError('it is not valid UTF-8')
  return text
}

/**
 * Parses JSON that came from outside.
 *
 * Throws a {@link MalformedJsonError} for what is not JSON (RFC 8259), for more than `maxDepth` levels or `maxStructure`, which are found
 * before anything is built, and for keys that reach a prototype: `__proto__`, or `constructor` holding `prototype`, at any depth.
 *
 * @param maxStructure How many different keys and shapes a long text may hold. Default: any number.
 */
export function decodeJson(text: string, maxDepth: number = MAX_DEPTH, maxStructure?: number): unknown {
  const excess = findExcess(text, maxDepth, maxStructure)
  if (excess === 'depth') throw new MalformedJsonError(`it is deeper than ${maxDepth} levels`, 'depth')
  if (excess === 'structure') throw new MalformedJsonError(`${STRUCTURE_PROBLEM}: send it in parts`, 'structure')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new MalformedJsonError(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (mayReachPrototype(text)) refusePrototypeKeys(value)
  return value
}

/** Whether a key that reaches a prototype may be in the text, written out or with an escape: rare in harmless messages. */
function mayReachPrototype(text: string): boolean {
  // One search for both `__proto__` and `prototype`.
  return text.includes('proto') || text.includes('\\u00')
}

function refusePrototypeKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) refusePrototypeKeys(item)
    return
  }
  // A third of the time of Object.entries.
  for (const key in value) {
    // A polluted Object.prototype would add keys, and objects that hold themselves.
    if (!Object.hasOwn(value, key)) continue
    const item = (value as Record<string, unknown>)[key]
    const isReach =
      key === '__proto__' ||
      (key === 'constructor' && typeof item === 'object' && item !== null && Object.hasOwn(item, 'prototype'))
    if (isReach) throw new MalformedJsonError(`the key ${JSON.stringify(key)} is not allowed`, 'key')
    refusePrototypeKeys(item)
  }
}
