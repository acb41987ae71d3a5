import type { LoadedValue } from '../../load/loaded-schema.js'
import { isList } from '../loaded-value.js'
import { describeValue } from '../plain-value.js'
import { enterPart, type Position } from '../position.js'
import type { Reporter } from '../reporter.js'
import { readTag } from './tag.js'

/** Reads a declaration's own tag. Where none is given, or the given one was reported, it is made of the names. */
export function readOwnTag(
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  schemaName: string,
  reporter: Reporter,
): string {
  const byName = `${schemaName}.${position.exportName}`
  if (!entries.has('tag')) return readTag(byName, position, schemaName, reporter) ?? byName
  return readTag(entries.get('tag'), enterPart(position, 'tag'), schemaName, reporter) ?? byName
}

/** Reads a declaration's older tags, those that were not reported. */
export function readAliases(
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
