const MAX_LENGTH = 80

/** A value as short JSON text for a message, at most 80 characters. Never throws. */
export function printValue(value: unknown): string {
  const text = toText(value)
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text
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
