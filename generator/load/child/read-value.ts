import { types } from 'node:util'
import { MAX_NESTING_LEVELS } from '../answer.js'
import type { ForeignValue, LoadedValue, StreamNode } from '../loaded-schema.js'
import { readTypeBoxMarks, type TypeBoxMarks } from './typebox-marks.js'

/** Makes live values plain. One reader for a whole file, so that what is shared there is shared here. */
export type ValueReader = (value: unknown) => LoadedValue

/** Thrown by a reader where values are nested more than `MAX_NESTING_LEVELS` deep. */
export class NestingError extends Error {}

/** Creates a reader that has seen nothing yet. It calls no function, getter or trap of the values that it reads. */
export function createValueReader(): ValueReader {
  const seen = new Map<object, LoadedValue>()
  const codecs = new Map<object, number>()
  let level = 0

  function read(value: unknown): LoadedValue {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
    if (typeof value === 'number') return Number.isFinite(value) ? value : describeForeign('number', String(value))
    if (typeof value === 'bigint') return describeForeign('bigint', `${value}n`)
    if (typeof value === 'object') return seen.get(value) ?? readObject(value)
    if (typeof value === 'function') return describeForeign('function', `function ${readOwn(value, 'name') ?? ''}`)
    return describeForeign(typeof value as 'symbol' | 'undefined', String(value))
  }

  function readObject(object: object): LoadedValue {
    if (types.isProxy(object)) return describeForeign('instance', 'Proxy')
    if (level === MAX_NESTING_LEVELS) throw new NestingError()
    level++
    try {
      if (Array.isArray(object)) return readArray(object)
      const marks = readTypeBoxMarks(object)
      if (readOwn(object, '~netgen') === 'stream') return readStream(object, marks !== undefined)
      if (!marks && types.isRegExp(object)) return describeForeign('regexp', RegExp.prototype.toString.call(object))
      if (!marks && !isPlainObject(object)) return describeForeign('instance', nameClassOf(object))
      const entries = new Map<string, LoadedValue>()
      // Known before its parts are read: a part may lead back here.
      seen.set(object, marks ? createSchema(marks, entries) : { is: 'object', entries })
      for (const key of Object.keys(object)) entries.set(key, readProperty(object, key))
      return seen.get(object) as LoadedValue
    } finally {
      level--
    }
  }

  function readStream(object: object, isMarked: boolean): LoadedValue {
    const stream: { -readonly [Key in keyof StreamNode]: StreamNode[Key] } = { is: 'stream', item: null, isMarked }
    seen.set(object, stream)
    stream.item = readProperty(object, 'item')
    return stream
  }

  function createSchema({ liveCodec, ...marks }: TypeBoxMarks, keywords: Map<string, LoadedValue>): LoadedValue {
    if (liveCodec === undefined) return { is: 'schema', ...marks, keywords }
    const codec = codecs.get(liveCodec) ?? codecs.size
    codecs.set(liveCodec, codec)
    return { is: 'schema', ...marks, codec, keywords }
  }

  function readArray(array: readonly unknown[]): LoadedValue {
    const items: LoadedValue[] = []
    seen.set(array, items)
    for (let index = 0; index < array.length; index++) items.push(readProperty(array, String(index)))
    return items
  }

  function readProperty(object: object, key: string): LoadedValue {
    const property = Object.getOwnPropertyDescriptor(object, key)
    return property && !('value' in property) ? describeForeign('getter', `get ${key}`) : read(property?.value)
  }

  return read
}

/** Says in one word what an exported value is that is neither a connection nor a schema. */
export function nameTypeOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value
  if (types.isProxy(value)) return 'Proxy'
  if (Array.isArray(value)) return 'array'
  return isPlainObject(value) ? 'object' : nameClassOf(value)
}

/** Reads an own property without calling a getter; `undefined` where there is none, or only a getter. */
export function readOwn(object: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value
}

function isPlainObject(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  // Every realm has its own `Object.prototype`; they all end the chain.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function nameClassOf(object: object): string {
  const maker = readOwn(Object.getPrototypeOf(object) as object, 'constructor')
  const name = typeof maker === 'function' ? readOwn(maker, 'name') : undefined
  return typeof name === 'string' && name ? name : 'object'
}

const MAX_TEXT_CHARACTERS = 1_000

function describeForeign(type: ForeignValue['type'], text: string): ForeignValue {
  return { is: 'foreign', type, text: text.trimEnd().slice(0, MAX_TEXT_CHARACTERS) }
}
