import type { LoadedValue } from '../../load/loaded-schema.js'
import { isList } from '../loaded-value.js'
import { describeValue } from '../plain-value.js'
import { enterPart, type Position } from '../position.js'
import type { Reporter } from '../reporter.js'
import { readTag } from './tag.js'

/** The longest that a timer of JavaScript can wait. */
const MAX_TIMEOUT_MS = 2_147_483_647

/** What a declaration says besides its types. What was reported has its default here. */
export interface ConnectionOptions {
  readonly tag: string
  readonly aliases: readonly string[]
  readonly idempotent: boolean
  readonly timeoutMs?: number
}

/** Checks what a declaration says besides its types. */
export function readOptions(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  schemaName: string,
  reporter: Reporter,
): ConnectionOptions {
  const timeoutMs = readTimeout(entries, enterPart(position, 'timeoutMs'), reporter)
  return {
    tag: readOwnTag(entries, position, schemaName, reporter),
    aliases: readAliases(entries, enterPart(position, 'aliases'), schemaName, reporter),
    idempotent: readIdempotent(entries, enterPart(position, 'idempotent'), reporter),
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
}

function readOwnTag(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  schemaName: string,
  reporter: Reporter,
): string {
  const byName = `${schemaName}.${position.exportName}`
  if (!entries.has('tag')) return readTag(byName, position, schemaName, reporter) ?? byName
  return readTag(entries.get('tag'), enterPart(position, 'tag'), schemaName, reporter) ?? byName
}

function readAliases(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  schemaName: string,
  reporter: Reporter,
): string[] {
  if (!entries.has('aliases')) return []
  const aliases = entries.get('aliases')
  if (!isList(aliases)) {
    reporter.report('NG2008', position, `is ${describeValue(aliases)}, not an array of tags`, 'write ["older.tag"]')
    return []
  }
  return aliases
    .map((alias, index) => readTag(alias, enterPart(position, index), schemaName, reporter))
    .filter((alias) => alias !== undefined)
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
