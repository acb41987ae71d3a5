import type { CallOptions } from './call.js'

/**
 * What a call with an output stream gives at once. Nothing is sent before the first `next()`, and `for await` asks for one item
 * after the other; the handler is never far ahead of who reads.
 */
export interface ItemStream<Item> extends AsyncIterableIterator<Item> {
  /** Rejects with what a call rejects with: then there are no further items. */
  next(): Promise<IteratorResult<Item, undefined>>
  /** Ends the call, there too. Leaving `for await` by `break`, `return` or an error does it by itself. */
  return(): Promise<IteratorResult<Item, undefined>>
  [Symbol.asyncIterator](): ItemStream<Item>
}

/** What a call with an input stream is given: a generator, an array, or whatever else gives items. A text is one value. */
export type Items<Item> = AsyncIterable<Item> | (Iterable<Item> & object)

// Function types without comments of their own: editors then go to the stub's member, and show its text.

/** A connection's function at the caller, where the output is a stream. Called, it runs here, or with `{ peer }` there. */
export type StreamCall<Input, Item> = (input: Input, options?: CallOptions) => ItemStream<Item>

/** The same for a connection that takes no input. */
export type StreamCallWithoutInput<Item> = (options?: CallOptions) => ItemStream<Item>

/** The same where the input is a stream, and the output is none. The call ends when the output is there, read to the end or not. */
export type InputStreamCall<Item, Output> = (input: Items<Item>, options?: CallOptions) => Promise<Output>

/** The same where both are streams, each at its own pace. */
export type TwoWayStreamCall<InputItem, Item> = (input: Items<InputItem>, options?: CallOptions) => ItemStream<Item>
