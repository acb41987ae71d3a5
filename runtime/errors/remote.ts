/** One line of a stack. */
export interface Frame {
  /** The function's name; absent at top level and in anonymous functions. */
  readonly function?: string
  /** A path or URL, as the peer that owns the frame writes it. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Whether it was reached through an `await`. */
  readonly async: boolean
}

/** One peer that an error passed through, with the frames that it added. */
export interface Hop {
  /** The peer in words, such as `notes@127.0.0.1:3011`. */
  readonly peer: string
  readonly tag: string
  readonly frames: readonly Frame[]
}

/** Where an error that was rethrown here came from. */
export interface Remote {
  /** The peer that was called, in words. */
  readonly peer: string
  readonly tag: string
  /** Under this id the peer that failed has logged everything. */
  readonly errorId: string
  /** From the peer that was called to the one where it began. */
  readonly hops: readonly Hop[]
}
