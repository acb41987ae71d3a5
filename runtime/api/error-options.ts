import type { Disclosure } from '../errors/disclosure.js'
import type { RemotePeer } from './remote-peer.js'

/** Who called, as its peer says; absent where it did not say. That it belongs to this user is proven. */
export type ErrorCaller = Pick<RemotePeer, 'id' | 'group'> | undefined

/** How much every caller is told of an error, or a function that says it of each. What it throws counts as `none`. */
export type DisclosureRule = Disclosure | ((caller: ErrorCaller) => Disclosure)

/** An error that is about to leave. */
export interface LeavingError {
  readonly tag: string
  readonly caller: ErrorCaller
  /** The error is logged under it, as it was thrown. */
  readonly errorId: string
  /** How much of what is answered here the caller will be told. */
  readonly disclosure: Disclosure
}

/** Answers what is to leave in the place of what was thrown. Where it throws, the caller is told as little as with `none`. */
export type MapError = (thrown: unknown, leaving: LeavingError) => unknown
