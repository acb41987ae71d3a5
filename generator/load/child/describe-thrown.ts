import { types } from 'node:util'
import { type Answer, BUNDLE_NAME, type BundlePlace } from '../answer.js'

/** Describes what the schema file threw, whatever it is: an error, another value, or an object that throws when it is read. */
export function describeThrown(thrown: unknown): Answer {
  try {
    return { outcome: 'threw', text: nameThrown(thrown).slice(0, MAX_TEXT_CHARACTERS), frames: readFrames(thrown) }
  } catch {
    return { outcome: 'threw', text: 'a value that cannot be printed', frames: [] }
  }
}

const MAX_TEXT_CHARACTERS = 2_000

function nameThrown(thrown: unknown): string {
  if (types.isNativeError(thrown)) return thrown.message ? `${thrown.name}: ${thrown.message}` : thrown.name
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message)
  return String(thrown)
}

function readFrames(thrown: unknown): BundlePlace[] {
  if (!types.isNativeError(thrown)) return []
  const frame = new RegExp(`^ +at .*${BUNDLE_NAME}:(\\d+):(\\d+)\\)?$`, 'gm')
  const found = String(thrown.stack).matchAll(frame)
  return Array.from(found, ([, line, column]) => ({ line: Number(line), column: Number(column) }))
}
