import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { BENCH_FOLDER } from './folders.js'

/** Formats rows as a table for a terminal. The first row is the heading, the first column stands left. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => {
    return row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
  })
  return lines.map((cells) => cells.join('  ').trimEnd()).join('\n')
}

/** The same as a table in Markdown. The first column stands left. */
export function formatMarkdown([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const rule = heading.map((_, column) => (column === 0 ? '---' : '--:'))
  return [heading, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Writes what was measured, every single value, as JSON into `results/`, and answers the file's path. */
export function writeResults(name: string, values: object): string {
  const folder = join(BENCH_FOLDER, 'results')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.json`)
  const machine = { node: process.version, processor: cpus()[0]?.model, processors: availableParallelism() }
  writeFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), machine, values }, null, 2)}\n`)
  return path
}

/** Says by how much the first is the larger: `3.2×`. A dash where one is unknown. */
export function formatRatio(value: number, base: number): string {
  const ratio = value / base
  return Number.isFinite(ratio) ? `${ratio.toFixed(ratio < 10 ? 1 : 0)}×` : '–'
}

/** Formats milliseconds: `850 ms`, `4.1 s`. A dash where it is unknown. */
export function formatTime(timeMs: number): string {
  if (!Number.isFinite(timeMs)) return '–'
  return timeMs < 1000 ? `${timeMs.toFixed(0)} ms` : `${(timeMs / 1000).toFixed(2)} s`
}
