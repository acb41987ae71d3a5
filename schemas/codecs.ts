import { type StaticDecode, type TSchema, type TUnsafe, Type } from 'typebox'
import type { AnySchema } from './any-schema.js'

/**
 * The keyword that marks a schema as one of the codecs below. It is an ordinary, enumerable keyword, so that it survives
 * whatever TypeBox does with the schema; JSON Schema leaves unknown keywords alone (2020-12, core 4.3.1).
 */
const KEYWORD = 'x-netgen-codec'

/** What the application has for a schema of either generation of TypeBox. */
export type ValueOf<Schema> = Schema extends { static: infer Value }
  ? Value
  : Schema extends TSchema
    ? StaticDecode<Schema>
    : never

/** A `Date`. Travels as RFC 3339 in UTC, to the millisecond; years before 0000 and after 9999 are refused. */
export function date(): TUnsafe<Date> {
  return Type.Unsafe<Date>({ type: 'string', format: 'date-time', [KEYWORD]: { name: 'date' } })
}

/**
 * A `bigint`. Travels as decimal digits in a string, at most 10,000 with the sign: reading digits takes longer than in proportion
 * to their number, a third of a second for a million.
 */
export function bigint(): TUnsafe<bigint> {
  return Type.Unsafe<bigint>({
    type: 'string',
    maxLength: 10_000,
    pattern: '^(?:0|-?[1-9][0-9]*)$',
    [KEYWORD]: { name: 'bigint' },
  })
}

/** A `Uint8Array`. Travels as base64 with padding, a third longer than the bytes. */
export function bytes(): TUnsafe<Uint8Array> {
  return Type.Unsafe<Uint8Array>({
    type: 'string',
    pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
    [KEYWORD]: { name: 'bytes' },
  })
}

/** An absolute `URL`, whose host has at most 256 characters with its port. Travels as its `href`. */
export function url(): TUnsafe<URL> {
  return Type.Unsafe<URL>({ type: 'string', [KEYWORD]: { name: 'url' } })
}

/** A `Map`, in the order of its entries. Travels as an array of pairs; two equal keys are refused. */
export function map<Key extends AnySchema, Value extends AnySchema>(
  key: Key,
  value: Value,
): TUnsafe<Map<ValueOf<Key>, ValueOf<Value>>> & { readonly [KEYWORD]: { readonly key: Key; readonly value: Value } } {
  const pair = { type: 'array', prefixItems: [key, value], items: false, minItems: 2 }
  const made = { type: 'array', items: pair, [KEYWORD]: { name: 'map', key, value } } as const
  return Type.Unsafe<Map<ValueOf<Key>, ValueOf<Value>>>(made) as ReturnType<typeof map<Key, Value>>
}

/** A `Set`, in the order of its items. Travels as an array; two equal items are refused. */
export function set<Item extends AnySchema>(
  item: Item,
): TUnsafe<Set<ValueOf<Item>>> & { readonly [KEYWORD]: { readonly item: Item } } {
  const made = { type: 'array', items: item, [KEYWORD]: { name: 'set', item } } as const
  return Type.Unsafe<Set<ValueOf<Item>>>(made) as ReturnType<typeof set<Item>>
}
