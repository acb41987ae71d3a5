import type { ErrorCode } from '../errors/codes.js'
import type { Hop } from '../errors/remote.js'
import type { Skew } from '../errors/skew-error.js'
import type { Unserved } from '../errors/unserved.js'

/**
 * What becomes of an error on the wire, without its place in a call: also the form of causes and of an AggregateError's
 * parts.
 *
 * `declared`: `name` is the error's name in the schema, `data` what it carries. `builtin`: `name` is a class of JavaScript, or
 * the name of a DOMException. `netgen`: a failure that netgen itself found, or a NetgenError that was thrown. `other`: any other
 * class, or a thrown value that is no error.
 */
export interface CauseRecord {
  readonly kind: 'declared' | 'builtin' | 'netgen' | 'other'
  readonly name: string
  readonly message: string
  readonly code?: ErrorCode
  readonly data?: unknown
  /** Of a SkewError. */
  readonly skew?: Skew
  /**
   * Its own enumerable properties that JSON holds, such as `errno` and `path`; where it is no NetgenError, its `code`; and the
   * `name` of a built-in that was renamed.
   */
  readonly properties?: ErrorProperties
  /** Where it passed, the nearest peer first. Absent for a cause that has no frames. */
  readonly hops?: readonly Hop[]
  readonly cause?: NestedRecord
  /** The parts of an AggregateError, or of what is built like one. */
  readonly errors?: readonly NestedRecord[]
  /** Of a SuppressedError: what was thrown last. */
  readonly error?: NestedRecord
  /** Of a SuppressedError: what it took the place of. */
  readonly suppressed?: NestedRecord
}

/** Plain JSON, by name. */
export type ErrorProperties = Readonly<Record<string, unknown>>

/** An error inside an error: a record of its own, or one that stands elsewhere in the same record, as in a chain that holds itself. */
export type NestedRecord = CauseRecord | SameRecord

/** A JSON pointer (RFC 6901) from the whole record to one inside it that begins earlier; `""` is the whole. */
export interface SameRecord {
  readonly same: string
}

/** The answer to a call that failed: over HTTP the JSON body `{ "error": … }`. */
export interface ErrorRecord extends CauseRecord {
  readonly code: ErrorCode
  readonly maybeExecuted: boolean
  readonly errorId: string
  readonly hops: readonly Hop[]
  /**
   * Where the call did not fit the callee's schema: the digest of its connection there. A caller that has another one knows that
   * their schemas differ, and that neither side made a mistake.
   */
  readonly digest?: string
  /** Where the tag is not served: by whom, what was asked, and what there is. */
  readonly unserved?: Unserved
  /** What did not travel, in words: a JSON pointer, a colon, and why. Absent where everything did. */
  readonly cuts?: readonly string[]
}
