/** What is wrong with a way between two peers. Times are in milliseconds. */
export type Fault =
  | { readonly kind: 'none' }
  /** Everything arrives later, in both directions. */
  | { readonly kind: 'latency'; readonly delayMs: number }
  /** The same by any time up to one, in order. */
  | { readonly kind: 'jitter'; readonly delayMs: number }
  /** No more than so much passes in a second, in each direction. */
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** What ends on one side ends later on the other. */
  | { readonly kind: 'slow close'; readonly delayMs: number }
  /** Connections are accepted, and nothing passes. */
  | { readonly kind: 'timeout' }
  /** A connection is reset as soon as something comes back from the peer that was called: it has read what was sent. */
  | { readonly kind: 'reset' }
  /** What is written at once arrives in pieces of so many bytes. */
  | { readonly kind: 'slicing'; readonly bytes: number }
  /** A connection is ended, as if all had been said, when so much more has come back. */
  | { readonly kind: 'truncation'; readonly bytes: number }
  /** Nobody listens, and what was open is reset. */
  | { readonly kind: 'down' }

/** The nine kinds in which a way can be wrong. */
export type FaultKind = Exclude<Fault['kind'], 'none'>
