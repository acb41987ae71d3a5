import { relative } from 'node:path'
import type { BuildResult, BuiltFile } from '../build-result.js'
import { formatDiagnostic } from '../diagnostics/format-diagnostic.js'
import type { Terminal } from './terminal.js'

/** Formats a build as the JSON document that `--json` prints, on one line. Paths are absolute; what is unknown is null. */
export function formatJson({ ok, diagnostics, files }: BuildResult): string {
  return JSON.stringify({
    ok,
    diagnostics: diagnostics.map(({ code, severity, message, remedy, place }) => ({
      code,
      severity,
      message,
      remedy,
      file: place?.file ?? null,
      line: place?.line ?? null,
      column: place?.line === undefined ? null : place.column,
    })),
    files,
  })
}

/** Prints what is wrong as messages, and what changed as data: one line a file. With `isCheck`, what would have changed. */
export function printResult({ diagnostics, files }: BuildResult, isCheck: boolean, terminal: Terminal): void {
  const { cwd, hasColors } = terminal
  for (const diagnostic of diagnostics) terminal.printMessage(`${formatDiagnostic(diagnostic, { cwd, hasColors })}\n`)
  for (const { path, change } of files) {
    if (change === 'unchanged') continue
    terminal.printData(`${isCheck ? STALE_WORDS[change] : change} ${relative(cwd, path)}`)
  }
}

const STALE_WORDS: Readonly<Record<Exclude<BuiltFile['change'], 'unchanged'>, string>> = {
  created: 'missing',
  updated: 'stale',
  removed: 'left over',
}

/** Says in a few words how a build ended: what is wrong, or how many files became what. With `isCheck`, how many would have. */
export function summarize({ diagnostics, files }: BuildResult, isCheck: boolean): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  if (errors > 0) return `${count(errors, 'error')}, nothing written`
  const changes = (['created', 'updated', 'removed'] as const).flatMap((change) => {
    const changed = files.filter((file) => file.change === change).length
    return changed === 0 ? [] : [`${changed} ${isCheck ? STALE_WORDS[change] : change}`]
  })
  return `${count(files.length, 'file')}, ${changes.join(', ') || 'none changed'}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
