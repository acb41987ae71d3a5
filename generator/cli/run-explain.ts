import { CATALOGUE, type DiagnosticCode } from '../diagnostics/catalogue.js'
import { findNearest } from '../diagnostics/find-nearest.js'
import { createPaint } from '../diagnostics/paint.js'
import type { ExplainCommand } from './command.js'
import type { Terminal } from './terminal.js'

/**
 * Runs `netgen explain`: prints a code's cause, an example and its remedy, or without a code the list of all of them. Case and
 * the letters NG may be left out.
 *
 * @returns The exit code: 0 done, 2 where there is no such code.
 */
export function runExplain({ code }: ExplainCommand, terminal: Terminal): number {
  if (code === undefined) {
    for (const known of CODES) terminal.printData(`${known}  ${CATALOGUE[known].title}`)
    return 0
  }
  const found = findCode(code)
  if (found === undefined) {
    terminal.printMessage(`netgen: there is no code ${JSON.stringify(code)}${suggestCodes(code)}`)
    return 2
  }
  terminal.printData(formatEntry(found, terminal.hasColors))
  return 0
}

const CODES = Object.keys(CATALOGUE).sort() as readonly DiagnosticCode[]

function findCode(typed: string): DiagnosticCode | undefined {
  const normalized = normalize(typed)
  return CODES.find((code) => code === normalized)
}

function normalize(typed: string): string {
  return typed.toUpperCase().replace(/^(?:NG)?/, 'NG')
}

function suggestCodes(typed: string): string {
  const normalized = normalize(typed)
  const family = CODES.filter((code) => code.startsWith(normalized.slice(0, 3)))
  const nearest = findNearest(normalized, [...family, ...CODES])
  const hint = nearest === undefined ? '' : `: did you mean ${nearest}, ${CATALOGUE[nearest as DiagnosticCode].title}?`
  return `${hint}\n\`netgen explain\` lists them all.`
}

function formatEntry(code: DiagnosticCode, hasColors: boolean): string {
  const { severity, title, explanation, wrong, right } = CATALOGUE[code]
  const paint = createPaint(hasColors)
  const head = `${paint(severity === 'error' ? 'red' : 'yellow', `${severity} ${code}:`)} ${paint('bold', title)}`
  const example = `${paint('bold', 'Wrong')}\n\n${indent(wrong)}`
  const remedy = `${paint('bold', 'Right')}\n\n${indent(right)}`
  return [head, explanation, example, remedy].join('\n\n')
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}
