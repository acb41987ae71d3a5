import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { cleanText } from './clean-text.js'
import { drawCodeFrame } from './code-frame.js'
import type { Diagnostic } from './diagnostic.js'
import { createPaint } from './paint.js'

/** How to print diagnostics. */
export interface FormatOptions {
  /** Paths are printed relative to this folder. Default: the process's working directory. */
  readonly cwd?: string
  /** Whether to use ANSI colours. Default: false. */
  readonly hasColors?: boolean
}

/**
 * Formats a diagnostic as compilers do: place, severity, code and message on one line, then the source around the place, then
 * what to do. Control characters are made harmless. Ends without a line end.
 */
export function formatDiagnostic(diagnostic: Diagnostic, options: FormatOptions = {}): string {
  const { code, severity, message, remedy, place } = diagnostic
  const paint = createPaint(options.hasColors ?? false)
  const label = paint(severity === 'error' ? 'red' : 'yellow', `${severity} ${code}:`)
  const where = place && paint('bold', formatPlace(place, options.cwd ?? process.cwd()))
  const headline = [where, label, cleanText(message)].filter((part) => part !== undefined).join(' ')
  const frame = place?.line === undefined ? '' : drawCodeFrame(readSource(place.file), place.line, place.column, paint)
  return [headline, ...(frame ? [frame] : []), `  ${cleanText(remedy)}`].join('\n')
}

function formatPlace(place: NonNullable<Diagnostic['place']>, cwd: string): string {
  const path = cleanText(relative(cwd, place.file))
  return place.line === undefined ? path : `${path}:${place.line}:${place.column}`
}

// A file that has gone since is shown without its lines.
function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
