import { types } from 'node:util'
import { MAX_NESTING_LEVELS } from '../answer.js'
import type { ForeignValue } from '../loaded-schema.js'
import { isPlainObject, nameClassOf, readOwn } from './live-values.js'
import { readTypeBoxMarks, type TypeBoxMarks } from './typebox-marks.js'

/**
 * Writes a live value as the text of a `PackedValue` that stands in an export. One packer for a whole file, so that what is shared
 * there is written once.
 */
export type ValuePacker = (exportName: string, value: unknown) => string

/** Thrown by a packer where values are nested more than `MAX_NESTING_LEVELS` deep. */
export class NestingError extends Error {}

/** Where something was written that has a number. */
interface Packed {
  readonly exportName: string
  readonly number: number
  /** Whether it is written once more, rather than referred to. */
  isSmall?: true
}

/**
 * Creates a packer that has seen nothing yet. It calls no function, getter or trap of the values that it reads.
 *
 * It writes pieces of text at once, as a thousand connections have 25,000 objects: trees of them in between would take as long
 * again, most of it to collect them.
 *
 * @param exported Live values that are always referred to. Of others, small schemas are written at each of their places, so that
 * few exports depend on each other.
 */
export function createValuePacker(exported: ReadonlySet<unknown>): ValuePacker {
  const known = new Map<object, Packed>()
  const codecs = new Map<object, number>()
  let pieces: string[] = []
  let exportName = ''
  let numbers = 0
  let parts = 0
  let level = 0

  function pack(value: unknown): void {
    switch (typeof value) {
      case 'string':
        pieces.push(quote(value))
        break
      case 'boolean':
        pieces.push(value ? 'true' : 'false')
        break
      case 'number':
        if (!Number.isFinite(value)) packForeign('number', String(value))
        else pieces.push(Object.is(value, -0) ? '-0' : String(value))
        break
      case 'object':
        if (value === null) pieces.push('null')
        else packObject(value)
        break
      case 'bigint':
        packForeign('bigint', `${value}n`)
        break
      case 'function':
        packForeign('function', `function ${readOwn(value, 'name') ?? ''}`)
        break
      default:
        packForeign(typeof value as 'symbol' | 'undefined', String(value))
    }
  }

  function packObject(object: object): void {
    parts++
    const before = known.get(object)
    if (before === undefined || before.isSmall) packNew(object)
    else pieces.push(`{"is":"reference","exportName":${quote(before.exportName)},"number":${before.number}}`)
  }

  function packNew(object: object): void {
    if (types.isProxy(object)) {
      packForeign('instance', 'Proxy')
      return
    }
    if (level === MAX_NESTING_LEVELS) throw new NestingError()
    level++
    if (Array.isArray(object)) packList(object)
    else packProperties(object)
    level--
  }

  function packProperties(object: object): void {
    const keys = Reflect.ownKeys(object)
    const marks = readTypeBoxMarks(object, keys)
    if (keys.includes('~netgen') && readOwn(object, '~netgen') === 'stream') {
      note(object)
      pieces.push('{"is":"stream","item":')
      packProperty(object, 'item')
      pieces.push(`,"isMarked":${marks !== undefined}}`)
    } else if (marks !== undefined) packSchema(object, keys, marks)
    else if (types.isRegExp(object)) packForeign('regexp', RegExp.prototype.toString.call(object))
    else if (!isPlainObject(object)) packForeign('instance', nameClassOf(object))
    else {
      note(object)
      pieces.push('{"is":"object","entries":')
      packEntries(object, keys)
      pieces.push('}')
    }
  }

  // Before its parts are packed: a part may lead back to it.
  function note(object: object): Packed {
    const packed: Packed = { exportName, number: numbers++ }
    known.set(object, packed)
    return packed
  }

  function packList(list: readonly unknown[]): void {
    note(list)
    pieces.push('[')
    for (let index = 0; index < list.length; index++) {
      if (index > 0) pieces.push(',')
      packProperty(list, String(index))
    }
    pieces.push(']')
  }

  function packSchema(object: object, keys: readonly (string | symbol)[], marks: TypeBoxMarks): void {
    const packed = note(object)
    const partsBefore = parts
    pieces.push('{"is":"schema","kind":', quote(marks.kind))
    if (marks.optional) pieces.push(',"optional":true')
    if (marks.readonly) pieces.push(',"readonly":true')
    if (marks.marks.length > 0) pieces.push(',"marks":', JSON.stringify(marks.marks))
    if (marks.liveCodec) pieces.push(`,"codec":${numberCodec(marks.liveCodec)}`)
    pieces.push(',"keywords":')
    packEntries(object, keys)
    pieces.push('}')
    // One with a codec is known by it.
    const isSmall = parts === partsBefore && marks.liveCodec === undefined
    if (isSmall && !exported.has(object)) packed.isSmall = true
  }

  function numberCodec(liveCodec: object): number {
    const codec = codecs.get(liveCodec) ?? codecs.size
    codecs.set(liveCodec, codec)
    return codec
  }

  function packEntries(object: object, keys: readonly (string | symbol)[]): void {
    let before = '{'
    for (const key of keys) {
      if (typeof key !== 'string') continue
      const property = Object.getOwnPropertyDescriptor(object, key)
      if (property?.enumerable !== true) continue
      pieces.push(before, quote(key), ':')
      packValueOf(property, key)
      before = ','
    }
    pieces.push(before === '{' ? '{}' : '}')
  }

  function packProperty(object: object, key: string): void {
    packValueOf(Object.getOwnPropertyDescriptor(object, key), key)
  }

  function packValueOf(property: PropertyDescriptor | undefined, key: string): void {
    if (property === undefined || 'value' in property) pack(property?.value)
    else packForeign('getter', `get ${key}`)
  }

  function packForeign(type: ForeignValue['type'], text: string): void {
    parts++
    const short = text.trimEnd().slice(0, MAX_TEXT_CHARACTERS)
    pieces.push(`{"is":"foreign","type":"${type}","text":${quote(short)}}`)
  }

  return (name, value) => {
    exportName = name
    numbers = 0
    pieces = []
    pack(value)
    return pieces.join('')
  }
}

const quoted = new Map<string, string>()

/** Writes text as JSON. The same few words come again and again. */
export function quote(text: string): string {
  const before = quoted.get(text)
  if (before !== undefined) return before
  const json = JSON.stringify(text)
  quoted.set(text, json)
  return json
}

const MAX_TEXT_CHARACTERS = 1_000
