import { createLevelScanner, type LevelScanner } from './level-scanner.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c

let scan: LevelScanner | undefined

/**
 * Whether arrays and objects stand inside each other on more than `levels` levels in a JSON text: found in the text, before anything
 * is built of it. Brackets in strings do not count. Of a text that is no JSON the answer means nothing.
 */
export function isDeeper(text: string, levels: number): boolean {
  if (!mayBeDeeper(text, levels)) return false
  scan ??= createLevelScanner() ?? hasMoreLevels
  return scan(text, levels)
}

/**
 * Whether there may be more levels: each needs a character that opens it and one that closes it, and most messages are too short, or have
 * too few.
 */
export function mayBeDeeper(text: string, levels: number): boolean {
  return text.length > 2 * levels && countUpTo(text, '[', levels) + countUpTo(text, '{', levels) > levels
}

/** How often a character occurs, wherever; counted no further than just past the limit. */
export function countUpTo(text: string, character: string, limit: number): number {
  let count = 0
  for (let at = text.indexOf(character); at !== -1 && count <= limit; at = text.indexOf(character, at + 1)) count++
  return count
}

/** The same as the scanner answers, for where there is none. */
export function hasMoreLevels(text: string, levels: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) at = findClosingQuote(text, at + 1)
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > levels) return true
    } else if (unit === 0x5d || unit === 0x7d) depth--
  }
  return false
}

function findClosingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at !== -1 && isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at === -1 ? text.length : at
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}
