import type { Disclosure } from '../errors/disclosure.js'
import type { RemotePeer } from './remote-peer.js'

/**
 * Who called, as its peer says; absent where it did not say. Proven is that it belongs to this user, or knows the same key: among
 * those, the group is a name and no secret.
 */
export type ErrorCaller = Pick<RemotePeer, 'id' | 'group'> | undefined

/** What a rule of disclosure is asked about. */
export interface DisclosureSubject {
  readonly tag: string
  /** What the caller is to be told of. */
  readonly error: unknown
  /** Whether the schema declares it as an error of this connection: then it promises callers its class and data. */
  readonly isDeclared: boolean
}

/** How much every caller is told of an error, or a function that says it of each. What it throws counts as `none`. */
export type DisclosureRule = Disclosure | ((caller: ErrorCaller, failed: DisclosureSubject) => Disclosure)

/** An error that is about to leave. */
export interface LeavingError {
  readonly tag: string
  readonly caller: ErrorCaller
  /** The error is logged under it, as it was thrown. */
  readonly errorId: string
  /** How much of it the caller would be told. What is answered in its place is asked about anew. */
  readonly disclosure: Disclosure
}

/** Answers what is to leave in the place of what was thrown. Where it throws, the caller is told as little as with `none`. */
export type MapError = (thrown: unknown, leaving: LeavingError) => unknown
