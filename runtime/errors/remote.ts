/** One line of a stack. */
export interface Frame {
  /** The function's name; absent at top level and in anonymous functions. */
  readonly function?: string
  /** A path or URL. Of another peer's frame: relative to the folder where that peer was started, if it is below that. */
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
  /** The folder that its relative paths begin at, as a digest: peers that were started in the same folder have the same. */
  readonly root?: string
}

/** Where an error that was rethrown here came from; each of its causes and parts says the same of itself. */
export interface Remote {
  /** The peer that was called, in words. */
  readonly peer: string
  readonly tag: string
  /** Under this id each peer that the error passed has logged everything. */
  readonly errorId: string
  /** From the peer that was called to the one where it began. */
  readonly hops: readonly Hop[]
  /**
   * The properties that the error had there and that JSON holds, such as `errno`. They are the error's own here too, but for
   * those that have another meaning here: the `code` of a class that is rethrown as `NetgenError`.
   */
  readonly properties: Readonly<Record<string, unknown>>
  /** What was too long, too deep or no JSON, and was left behind: where in the error, a colon, and why. */
  readonly cuts: readonly string[]
}
