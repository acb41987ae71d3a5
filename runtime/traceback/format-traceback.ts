import { inspect } from 'node:util'
import { cleanText } from '../errors/clean-text.js'
import { isError, readProperty } from '../errors/is-error.js'
import { printValue } from '../errors/print-value.js'
import type { Frame } from '../errors/remote.js'
import { type Block, readBlocks } from './join-traceback.js'
import { printFrame } from './own-frames.js'
import { type Paint, paintNothing, paintTerminal } from './paint.js'
import { readSource } from './read-source.js'
import { digestRoot } from './root.js'

/** How a traceback is printed. */
export interface FormatOptions {
  /** Whether with the colours of a terminal. Default: false. */
  readonly color?: boolean
  /** How many frames of each block are printed; 0 leaves labels and messages. Default: 10. */
  readonly frames?: number
}

const DEFAULT_FRAMES = 10

/** Deeper ones are counted only. */
const MAX_DEPTH = 16

/**
 * An error as a text for people: what was thrown; the lines here, then those of each peer that it passed, with the source around
 * the first of each block where it is at hand; its properties; and its causes and parts in the same way, indented.
 *
 * Whatever is thrown is printed. Text from other peers is cleaned. Never throws, but for options that are none.
 */
export function formatTraceback(error: unknown, options: FormatOptions = {}): string {
  const { color = false, frames = DEFAULT_FRAMES } = options
  if (!Number.isInteger(frames) || frames < 0) {
    throw new RangeError(`frames is ${printValue(frames)}, expected a whole number from 0 on`)
  }
  const printer = new Printer(color ? paintTerminal : paintNothing, frames)
  return printer.print(error, 0).join('\n')
}

class Printer {
  readonly #paint: Paint
  readonly #maxFrames: number
  /** Those around the one that is printed: an error may be its own cause. */
  readonly #around = new Set<unknown>()
  readonly #root = process.cwd()
  readonly #rootDigest = digestRoot(process.cwd())

  constructor(paint: Paint, maxFrames: number) {
    this.#paint = paint
    this.#maxFrames = maxFrames
  }

  print(error: unknown, depth: number): string[] {
    if (!isError(error)) return [`${printValue(error)} was thrown, which is no Error`]
    if (this.#around.has(error)) return [`${this.#printHeader(error)} ${this.#paint('quiet', '(the same as above)')}`]
    if (depth > MAX_DEPTH) return [this.#paint('quiet', '(deeper ones are not shown)')]
    this.#around.add(error)
    const lines = [
      this.#printHeader(error),
      ...readBlocks(error).flatMap((block) => this.#printBlock(block)),
      ...this.#printProperties(error),
      ...this.#printCuts(error),
      ...['cause', 'error', 'suppressed'].flatMap((key) => this.#printNested(error, key, depth)),
      ...this.#printParts(error, depth),
    ]
    this.#around.delete(error)
    return lines
  }

  #printHeader(error: Error): string {
    const name = cleanText(String(readText(error, 'name') || 'Error'))
    const message = cleanText(String(readText(error, 'message')))
    return message === '' ? this.#paint('name', name) : `${this.#paint('name', name)}: ${message}`
  }

  #printBlock({ label, frames, root }: Block): string[] {
    const shown = frames.slice(0, this.#maxFrames)
    const hidden = frames.length - shown.length
    // A relative path means a file here only where the other peer was started in the same folder.
    const hasSource = label === undefined || root === this.#rootDigest
    const [first] = shown
    return [
      ...(label === undefined ? [] : [this.#paint('label', `    --- ${cleanText(label)} ---`)]),
      ...shown.flatMap((frame) => {
        const source = frame === first && hasSource ? this.#printSource(frame) : []
        return [this.#printFrame(frame), ...source]
      }),
      ...(hidden === 0 ? [] : [this.#paint('quiet', `    ... ${hidden} more`)]),
    ]
  }

  #printFrame(frame: Frame): string {
    const line = cleanText(printFrame(frame))
    return /[\\/]node_modules[\\/]/.test(line) ? this.#paint('quiet', line) : line
  }

  #printSource(frame: Frame): string[] {
    const source = readSource(frame, this.#root)
    const width = String(source.at(-1)?.number ?? 0).length
    return source.flatMap(({ number, text }) => {
      const gutter = String(number).padStart(width)
      if (number !== frame.line) return [this.#paint('quiet', cleanText(`        ${gutter} | ${text}`))]
      // What a tab is wide, a terminal decides.
      const indent = text.slice(0, frame.column - 1).replace(/[^\t]/g, ' ')
      const mark = `        ${' '.repeat(width)} | ${indent}${this.#paint('mark', '^')}`
      return [`      ${this.#paint('mark', '>')} ${gutter} | ${cleanText(text)}`, mark]
    })
  }

  #printProperties(error: Error): string[] {
    const shown: Record<string, unknown> = {}
    try {
      for (const key of Object.keys(error)) {
        const value = readProperty(error, key)
        if (!PRINTED_ELSEWHERE.has(key) && !isNested(key, value)) shown[key] = value
      }
      if (Object.keys(shown).length === 0) return []
      const text = inspect(shown, { depth: 4, breakLength: 120, customInspect: false })
      return cleanText(text)
        .split('\n')
        .map((line) => `    ${line}`)
    } catch {
      // A proxy's trap.
      return []
    }
  }

  #printCuts(error: Error): string[] {
    const cuts = this.#around.size === 1 ? (readProperty(error, 'remote') as { cuts?: unknown } | undefined)?.cuts : []
    if (!Array.isArray(cuts)) return []
    return cuts.map((cut) => this.#paint('quiet', `    (left behind: ${cleanText(String(cut))})`))
  }

  #printNested(error: Error, key: string, depth: number): string[] {
    const nested = readProperty(error, key)
    if (nested === undefined || !isNested(key, nested)) return []
    return this.#indent(`[${key}]: `, this.print(nested, depth + 1))
  }

  #printParts(error: Error, depth: number): string[] {
    const parts = readProperty(error, 'errors')
    if (!isNested('errors', parts)) return []
    return (parts as readonly unknown[]).flatMap((part, index) =>
      this.#indent(`[errors][${index}]: `, this.print(part, depth + 1)),
    )
  }

  #indent(title: string, [header = '', ...lines]: string[]): string[] {
    return [`  ${this.#paint('quiet', title)}${header}`, ...lines.map((line) => `  ${line}`)]
  }
}

const PRINTED_ELSEWHERE: ReadonlySet<string> = new Set(['name', 'message', 'stack'])

/** Whether a property holds errors that are printed like errors. By these names many an error has plain data. */
function isNested(key: string, value: unknown): boolean {
  if (key === 'cause') return true
  if (key === 'error' || key === 'suppressed') return isError(value)
  return key === 'errors' && Array.isArray(value) && value.some(isError)
}

function readText(error: Error, key: 'name' | 'message'): string {
  const text = readProperty(error, key)
  return typeof text === 'string' ? text : printValue(text)
}
