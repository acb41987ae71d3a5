import { SourceMap } from 'node:module'
import type { SourcePlace } from '../diagnostics/diagnostic.js'
import type { BundlePlace } from './answer.js'

/** Follows the innermost frame that leads into a source file. `undefined` where none does. */
export function tracePlace(sourceMap: string, frames: readonly BundlePlace[]): SourcePlace | undefined {
  const map = new SourceMap(JSON.parse(sourceMap))
  for (const { line, column } of frames) {
    const entry = map.findEntry(line - 1, column - 1)
    if (!('originalSource' in entry)) continue
    const { originalSource, originalLine, originalColumn } = entry
    return { file: originalSource, line: originalLine + 1, column: originalColumn + 1 }
  }
  return undefined
}
