import type { SourcePlace } from '../diagnostics/diagnostic.js'
import type { Subject } from './module-symbol.js'
import type { NamePlace } from './print-module.js'

/** How every generated source map begins: only files that begin so are ever written over or removed. */
export const SOURCE_MAP_START = '{"version":3,"x_generator":"netgen",'

/** How a source map is made. */
export interface SourceMapOptions {
  /** The name of the file that the map belongs to. */
  readonly file: string
  /** Finds where something stands in the schema's source; undefined where that is not known. */
  readonly locate: (subject: Subject) => SourcePlace | undefined
  /** Turns a source's absolute path into the one relative to the map, with slashes. */
  readonly toRelative: (source: string) => string
}

/**
 * Prints a source map (ECMA-426), by which editors lead from a declaration to the schema.
 *
 * @param names In the order of the text.
 */
export function printSourceMap(names: readonly NamePlace[], { file, locate, toRelative }: SourceMapOptions): string {
  const sources: string[] = []
  const last = { line: 0, column: 0, source: 0, originLine: 0, originColumn: 0 }
  let mappings = ''
  for (const { subject, at, line, column } of names) {
    const place = locate(subject)
    if (place === undefined) continue
    const source = indexOf(sources, toRelative(place.file))
    const originLine = place.line - 1
    const originColumn = place.column - 1 + (at === 'end' && 'name' in subject ? subject.name.length : 0)
    if (line > last.line) Object.assign(last, { column: 0 })
    else if (mappings !== '') mappings += ','
    mappings += ';'.repeat(line - last.line) + encodeVlq(column - last.column) + encodeVlq(source - last.source)
    mappings += encodeVlq(originLine - last.originLine) + encodeVlq(originColumn - last.originColumn)
    Object.assign(last, { line, column, source, originLine, originColumn })
  }
  const rest = JSON.stringify({ file, sources, names: [], mappings }).slice(1)
  return `${SOURCE_MAP_START}${rest}\n`
}

function indexOf(sources: string[], source: string): number {
  const known = sources.indexOf(source)
  return known === -1 ? sources.push(source) - 1 : known
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 digits of five bits, the lowest first; the sixth says that more follow. The sign is the lowest bit. */
function encodeVlq(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2
  let text = ''
  do {
    const digit = rest % 32
    rest = Math.floor(rest / 32)
    text += DIGITS[rest > 0 ? digit + 32 : digit]
  } while (rest > 0)
  return text
}
