import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Frame } from '../errors/remote.js'

/** A longer file was made by a tool, and says nothing to whoever reads a traceback. */
const MAX_FILE_BYTES = 1024 * 1024

const MAX_LINE_LENGTH = 160

/** A line of a source. */
export interface SourceLine {
  /** From 1. */
  readonly number: number
  readonly text: string
}

/** The line of a frame, with the one before and the one after it; empty where the source is not at hand. Never throws. */
export function readSource({ file, line }: Frame, root: string): SourceLine[] {
  const lines = readLines(resolve(root, file))
  if (lines[line - 1] === undefined) return []
  return [line - 1, line, line + 1].flatMap((number) => {
    const text = lines[number - 1]
    return text === undefined || (number !== line && text.trim() === '') ? [] : [{ number, text: cutLine(text) }]
  })
}

function readLines(path: string): string[] {
  try {
    const status = statSync(path)
    if (!status.isFile() || status.size > MAX_FILE_BYTES) return []
    return readFileSync(path, 'utf8').split(/\r?\n/)
  } catch {
    // It is not there, or not to be read: the frame has to do.
    return []
  }
}

function cutLine(text: string): string {
  return text.length > MAX_LINE_LENGTH ? `${text.slice(0, MAX_LINE_LENGTH - 1)}…` : text
}
