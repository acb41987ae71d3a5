import { escapeUnsafe } from './clean-text.js'

const MAX_LENGTH = 80

/** A value as short JSON text for a message, at most 80 characters, safe to print on one line. Never throws. */
export function printValue(value: unknown): string {
  return cutText(escapeUnsafe(toText(value)), MAX_LENGTH)
}

/** A text cut to a number of UTF-16 units, the last of them an ellipsis then. No character is cut in two. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  return `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

function toText(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'symbol') return 'a symbol'
  try {
    return JSON.stringify(value) ?? 'a value that JSON cannot hold'
  } catch {
    return 'a value that JSON cannot hold'
  }
}
