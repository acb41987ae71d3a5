import type { ArrivedCall, ReceivedAnswer, WireAnswer, WireCall } from './exchange.js'

/** Which sides of a connection are streams. */
export type StreamSides = 'input' | 'output' | 'both'

/** What a stream gives next: an item, or, as its last, the ending. */
export type Pulled<Item, Ending> = IteratorResult<Item, Ending>

/** One direction of a stream, as its reader sees it. */
export interface ItemReader<Item, Ending> {
  /**
   * The next item or the ending; at once where it is there. It is pulled again only when the last one has come, and never after
   * the ending or a rejection.
   */
  pull(): Pulled<Item, Ending> | Promise<Pulled<Item, Ending>>
}

/** The same where the reader can say that it wants no more, and the maker of the items then ends its work. */
export interface ItemSource<Item, Ending> extends ItemReader<Item, Ending> {
  /** Does nothing where the stream has ended. */
  cancel(): void
}

/** A call with a stream as it travels: the same for every transport. */
export interface WireStreamCall extends WireCall {
  readonly sides: StreamSides
  /**
   * The items of the input as JSON text, where it is a stream; then `body` is `null`. A pull rejects where they end with an
   * error: by then the call's scope is stopped. Whoever carries the call cancels them when it is over, however it ends.
   */
  readonly items?: ItemSource<string, undefined>
}

/** A call with a stream as it arrived. */
export interface ArrivedStreamCall extends ArrivedCall {
  readonly sides: StreamSides
  /** The items of the input, not checked yet. Canceled, the caller ends them, and the call goes on. */
  readonly items?: ItemSource<unknown, undefined>
}

/**
 * A stream that is being served: the items of the output as JSON text, and the answer, whose body means something only where the
 * output is no stream. Never rejects. Canceled, the handler's signal fires, its generator ends, and nothing more is pulled.
 */
export interface ServedStream extends ItemSource<string, WireAnswer> {
  /** Calls the listener once when the call is stopped, whether somebody pulls or not. Absent: nothing waits meanwhile. */
  onStop?(listener: () => void): void
}

/** The same as the caller gets it. Rejects for what the transport itself found; what the callee found is an answer. */
export type ReceivedStream = ItemReader<unknown, ReceivedAnswer>
