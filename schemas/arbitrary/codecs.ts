import { type Arbitrary, fc } from './fast-check.js'
import { asSchema, type LiveSchema, readMark } from './live-schema.js'
import type { Scope, Values } from './scope.js'

/** Turns what travels into what the application has, where a schema has a codec and the application's form is wanted. */
export function decodeValues(schema: LiveSchema, values: Arbitrary<unknown>, scope: Scope): Arbitrary<unknown> {
  const codec = asSchema(readMark(schema, 'codec'))
  const decode = codec?.['decode'] ?? codec?.['Decode']
  return scope.form === 'application' && typeof decode === 'function'
    ? values.map((value) => decode(value) as unknown)
    : values
}

/** The values of one of netgen's own codecs; undefined where no value fits. */
export function makeOwnCodec(codec: LiveSchema, scope: Scope): Values {
  const make = (keyword: string): Values => scope.make(codec[keyword], scope, keyword)
  const isWire = scope.form === 'wire'
  switch (codec['name']) {
    case 'date': {
      const dates = fc.date({ min: FIRST_DATE, max: LAST_DATE, noInvalidDate: true })
      return isWire ? dates.map((date) => date.toISOString()) : dates
    }
    case 'bigint':
      return isWire ? fc.bigInt().map(String) : fc.bigInt()
    case 'bytes':
      return isWire ? fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')) : fc.uint8Array()
    case 'url': {
      const urls = fc.webUrl().map((text) => new URL(text))
      return isWire ? urls.map(({ href }) => href) : urls
    }
    case 'map': {
      const [key, value] = [make('key'), make('value')]
      if (key === undefined || value === undefined) return isWire ? fc.constant([]) : fc.constant(new Map())
      const pairs = fc.uniqueArray(fc.tuple(key, value), { selector: ([first]) => identify(first) })
      return isWire ? pairs : pairs.map((entries) => new Map(entries))
    }
    default: {
      const item = make('item')
      if (item === undefined) return isWire ? fc.constant([]) : fc.constant(new Set())
      const items = fc.uniqueArray(item, { selector: identify })
      return isWire ? items : items.map((values) => new Set(values))
    }
  }
}

const FIRST_DATE = new Date('0000-01-01T00:00:00.000Z')
const LAST_DATE = new Date('9999-12-31T23:59:59.999Z')

/** Two keys that are equal when they travel would be refused, even where they are different objects here. */
function identify(value: unknown): string {
  if (value instanceof Map || value instanceof Set) return JSON.stringify([...value].map(identify))
  if (value instanceof Uint8Array || typeof value === 'bigint') return String(value)
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
}
