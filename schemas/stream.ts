import type { AnySchema } from './any-schema.js'

/** Any number of items, one after the other: the whole input or the whole output of a connection. It keeps the type of its item's schema. */
export interface Stream<Item extends AnySchema = AnySchema> {
  readonly '~netgen': 'stream'
  readonly item: Item
}

/**
 * Declares that a connection takes or answers any number of items, which travel one after the other, each checked by itself: as its
 * `input`, as its `output`, or as both. No schema can hold a stream.
 *
 * It checks nothing when it runs, as `connection` does not.
 */
export function stream<Item extends AnySchema>(item: Item): Stream<Item> {
  return Object.freeze({ '~netgen': 'stream', item })
}
