import { printValue } from '../errors/print-value.js'
import { appendPointer } from './json-pointer.js'
import { MAX_DEPTH } from './limits.js'

/** Why a value cannot travel as JSON, and where in it. */
export interface Unencodable {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string
  readonly problem: string
}

/**
 * Finds the first part of a value that JSON would lose, change or refuse: NaN and the infinities, bigint, functions,
 * symbols, class instances, `undefined` in an array, holes, cycles, and more than 64 levels.
 *
 * A property that is `undefined` is a property that is absent, and −0 is 0: both are JSON's own reading.
 */
export function findUnencodable(value: unknown): Unencodable | undefined {
  return isEncodable(value, 0) ? undefined : find(value, '', 0)
}

/**
 * Whether all of a value can travel, without the place where it cannot. May be false for one that can, which has a key that needs
 * a closer look. Most values are what they should be, and this takes half the time.
 */
function isEncodable(value: unknown, depth: number): boolean {
  if (isScalar(value) || value === null) return true
  return typeof value === 'object' && isObjectEncodable(value, depth)
}

function isScalar(value: unknown): boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  )
}

function isObjectEncodable(value: object, depth: number): boolean {
  if (depth === MAX_DEPTH) return false
  if (Array.isArray(value)) return areItemsEncodable(value, depth + 1)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  const record = value as Record<string, unknown>
  // Twice as fast as Object.keys. What else a polluted Object.prototype would add is seen by the closer look, or is harmless.
  for (const key in record) {
    // A toJSON that counts is a function, and seen as one.
    if (key === '__proto__') return false
    const item = record[key]
    // Here, and not in a function that calls itself, most properties take a quarter less time.
    if (isScalar(item) || item === undefined || item === null) continue
    if (typeof item !== 'object' || key === 'constructor' || !isObjectEncodable(item, depth + 1)) return false
  }
  return true
}

function areItemsEncodable(items: readonly unknown[], depth: number): boolean {
  if ((items as { toJSON?: unknown }).toJSON !== undefined) return false
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (isScalar(item) || item === null) continue
    if (typeof item !== 'object' || !isObjectEncodable(item, depth)) return false
  }
  return true
}

function find(value: unknown, pointer: string, depth: number): Unencodable | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : { pointer, problem: `${value} is no JSON number` }
    case 'object':
      return value === null ? undefined : findInObject(value, pointer, depth)
    default:
      return { pointer, problem: `${printValue(value)} cannot travel as JSON` }
  }
}

function findInObject(value: object, pointer: string, depth: number): Unencodable | undefined {
  // A cycle is a value without a last level: one limit finds both.
  if (depth === MAX_DEPTH) {
    return { pointer, problem: `it is deeper than ${MAX_DEPTH} levels, or holds itself` }
  }
  if (Array.isArray(value)) return findInArray(value, pointer, depth)
  const prototype = Object.getPrototypeOf(value)
  if (value instanceof Promise) return { pointer, problem: `${printValue(value)} cannot travel as JSON` }
  if (prototype !== Object.prototype && prototype !== null) {
    return { pointer, problem: `an instance of ${nameOf(prototype)} cannot travel as JSON: send its plain data` }
  }
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record)) {
    if (key === '__proto__') return { pointer, problem: 'the key "__proto__" is not allowed' }
    const item = record[key]
    if (item === undefined) continue
    // What the other side refuses to read is not sent.
    if (key === 'constructor' && typeof item === 'object' && item !== null && Object.hasOwn(item, 'prototype')) {
      return { pointer, problem: 'the key "constructor" holding "prototype" is not allowed' }
    }
    if (key === 'toJSON' && typeof item === 'function') return { pointer, problem: OWN_FORM }
    const found = find(item, '', depth + 1)
    if (found !== undefined) return { ...found, pointer: appendPointer(pointer, key) + found.pointer }
  }
  return undefined
}

const OWN_FORM = 'a value with its own toJSON cannot travel as it is: send its plain data'

function findInArray(items: readonly unknown[], pointer: string, depth: number): Unencodable | undefined {
  if (typeof (items as { toJSON?: unknown }).toJSON === 'function') return { pointer, problem: OWN_FORM }
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    // Covers holes too: both would arrive as null.
    if (item === undefined)
      return { pointer: `${pointer}/${index}`, problem: 'undefined in an array would become null' }
    const found = find(item, '', depth + 1)
    if (found !== undefined) return { ...found, pointer: `${pointer}/${index}${found.pointer}` }
  }
  return undefined
}

function nameOf(prototype: object): string {
  const type: unknown = prototype.constructor
  return typeof type === 'function' && type.name !== '' ? type.name : 'an unnamed class'
}
