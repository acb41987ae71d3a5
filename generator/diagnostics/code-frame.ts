import { cleanText } from './clean-text.js'
import { LINE_END } from './locate-offset.js'
import type { Paint } from './paint.js'

const LINES_BEFORE = 2
const LINES_AFTER = 1
const MAX_WIDTH = 120

/**
 * Draws the lines around a place, with a caret under it. Where its line is longer than 120 characters, the lines are cut on both
 * sides of the place.
 * Empty where the source is, or has no such line.
 *
 * @param line From 1.
 * @param column From 1, in UTF-16 units.
 */
export function drawCodeFrame(source: string, line: number, column: number, paint: Paint): string {
  const lines = source.split(LINE_END)
  if (!source || line > lines.length) return ''
  const first = Math.max(1, line - LINES_BEFORE)
  const last = Math.min(lines.length, line + LINES_AFTER)
  const isCut = (lines[line - 1] ?? '').length > MAX_WIDTH
  const from = isCut ? Math.max(0, column - MAX_WIDTH / 2) : 0
  const gutterWidth = String(last).length
  const drawn: string[] = []
  for (let number = first; number <= last; number++) {
    const text = cleanText((lines[number - 1] ?? '').slice(from, from + MAX_WIDTH))
    const gutter = `${number === line ? '>' : ' '} ${String(number).padStart(gutterWidth)} |`
    drawn.push(`${paint('dim', gutter)} ${text}`.trimEnd())
    if (number !== line) continue
    // A tab in front of the caret is as wide as the tab above it.
    const indent = text.slice(0, column - 1 - from).replace(/[^\t]/g, ' ')
    drawn.push(`${paint('dim', `  ${' '.repeat(gutterWidth)} |`)} ${indent}${paint('red', '^')}`)
  }
  return drawn.join('\n')
}
