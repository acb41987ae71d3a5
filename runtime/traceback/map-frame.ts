import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload, type SourceMapping } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Frame } from '../errors/remote.js'

/** The maps that were looked for: null where a file has none. Only failing calls come here, so it stays small. */
const maps = new Map<string, SourceMap | null>()

const MAX_MAPS = 500

/**
 * The frame as its source has it: a line of TypeScript where the file has a source map beside it or in it.
 *
 * A frame without one, or whose map cannot be read, comes back as it is: a traceback never fails for its map.
 */
export function mapFrame(frame: Frame): Frame {
  const path = toPath(frame.file)
  if (path === undefined) return frame
  const map = findMap(path)
  const entry = map === null ? {} : map.findEntry(frame.line - 1, frame.column - 1)
  if (map === null || !isMapped(entry)) return { ...frame, file: path }
  return {
    ...frame,
    file: toSource(entry.originalSource, map.payload.sourceRoot, path),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  }
}

/** Node's types say that an entry is always whole; a place before the first mapping, or in generated code, is not. */
function isMapped(entry: Partial<SourceMapping>): entry is SourceMapping {
  return typeof entry.originalSource === 'string' && (entry.originalLine ?? -1) >= 0
}

/** The path that a stack's file means; undefined for any other URL, and for one that is no path of this system. */
export function toPath(file: string): string | undefined {
  if (file.startsWith('file://')) {
    try {
      return fileURLToPath(file)
    } catch {
      return undefined
    }
  }
  return file.startsWith('/') || /^[A-Za-z]:[\\/]/.test(file) ? file : undefined
}

function toSource(source: string, sourceRoot: string | undefined, generatedPath: string): string {
  // A source may be any URL, such as a bundler's own: those are shown as they are.
  if (/^[a-z][a-z\d+.-]+:/i.test(source)) return toPath(source) ?? source
  return resolve(dirname(generatedPath), toPath(sourceRoot ?? '') ?? sourceRoot ?? '', source)
}

function findMap(path: string): SourceMap | null {
  const known = maps.get(path)
  if (known !== undefined) return known
  const map = readMap(path)
  if (maps.size >= MAX_MAPS) maps.clear()
  maps.set(path, map)
  return map
}

function readMap(path: string): SourceMap | null {
  try {
    const text = readFileSync(path, 'utf8')
    const url = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(text.slice(text.lastIndexOf('//#')))?.[1]
    if (url === undefined) return null
    return new SourceMap(JSON.parse(readMapText(url, path)) as SourceMapPayload)
  } catch {
    // A traceback without its map is better than none.
    return null
  }
}

function readMapText(url: string, path: string): string {
  const inline = /^data:application\/json[^,]*?(;base64)?,/.exec(url)
  if (inline === null) return readFileSync(new URL(url, pathToFileURL(path)), 'utf8')
  const data = url.slice(inline[0].length)
  return inline[1] === undefined ? decodeURIComponent(data) : Buffer.from(data, 'base64').toString('utf8')
}
