import { escapeUnsafe } from './clean-text.js'

const MAX_LENGTH = 80

/** A value as short JSON text for a message, at most 80 characters, safe to print on one line. Never throws. */
export function printValue(value: unknown): string {
  return printText(toText(value), MAX_LENGTH)
}

/** A text cut to a number of UTF-16 units that is safe to print on one line. What is cut off costs nothing, however long it is. */
export function printText(text: string, maxLength: number): string {
  // Whatever is escaped becomes longer, so that what was cut off here would be cut off there too.
  return cutText(escapeUnsafe(text.slice(0, maxLength + 1)), maxLength)
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
  // Cut before it is written: a long text would be written whole, for its beginning.
  if (typeof value === 'string') return JSON.stringify(value.length > MAX_LENGTH ? value.slice(0, MAX_LENGTH) : value)
  try {
    // Where an await was forgotten; JSON would show it as an empty object.
    if (value instanceof Promise) return 'a promise that was not awaited'
    const text = JSON.stringify(value) ?? 'a value that JSON cannot hold'
    return (text === '{}' && nameInstance(value)) || text
  } catch {
    return 'a value that JSON cannot hold'
  }
}

/** What JSON shows as an empty object says more by its class. Undefined for a plain object, and for a class without a name. */
function nameInstance(value: unknown): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return undefined
  const { constructor: type } = prototype as { constructor?: unknown }
  // A generator's prototype is its function's, without a constructor: only its tag says what it is.
  const isNamed = typeof type === 'function' && type.name !== ''
  const name = isNamed ? type.name : Object.prototype.toString.call(value).slice('[object '.length, -1)
  return name === 'Object' ? undefined : `an instance of ${name}`
}
