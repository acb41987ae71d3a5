import type { LoadedValue } from '../../load/loaded-schema.js'
import { describeValue } from '../plain-value.js'
import { enterPart, type Position } from '../position.js'
import type { Reporter } from '../reporter.js'

/** The longest that a timer of JavaScript can wait. */
const MAX_TIMEOUT_MS = 2_147_483_647

/** What a connection says besides its tags and types. What was reported has its default here. */
export interface ConnectionOptions {
  readonly idempotent: boolean
  readonly timeoutMs?: number
}

/** Checks what a connection says besides its tags and types. */
export function readOptions(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  reporter: Reporter,
): ConnectionOptions {
  const timeoutMs = readTimeout(entries, enterPart(position, 'timeoutMs'), reporter)
  return {
    idempotent: readIdempotent(entries, enterPart(position, 'idempotent'), reporter),
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
}

function readIdempotent(entries: ReadonlyMap<string, LoadedValue>, position: Position, reporter: Reporter): boolean {
  if (!entries.has('idempotent')) return false
  const value = entries.get('idempotent')
  if (typeof value === 'boolean') return value
  reporter.report('NG2009', position, `is ${describeValue(value)}, not true or false`, 'write true, or leave it out')
  return false
}

function readTimeout(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  reporter: Reporter,
): number | undefined {
  if (!entries.has('timeoutMs')) return undefined
  const value = entries.get('timeoutMs')
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_TIMEOUT_MS) return value
  const limits = `a whole number from 1 to ${MAX_TIMEOUT_MS}`
  reporter.report('NG2010', position, `is ${describeValue(value)}, not ${limits}`, `write ${limits}, in milliseconds`)
  return undefined
}
