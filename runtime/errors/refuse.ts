import type { ErrorCode } from './codes.js'
import { NetgenError, type NetgenErrorOptions } from './netgen-error.js'
import { shareRegistry } from './share-registry.js'
import { type Skew, SkewError } from './skew-error.js'

const refusals = shareRegistry('refusals.1', () => new WeakSet<Error>())

/** Makes the error of a failure that netgen itself found. All of netgen's own errors are made here. */
export function refuse(code: ErrorCode, message: string, options?: NetgenErrorOptions): NetgenError {
  const error = new NetgenError(code, message, options)
  refusals.add(error)
  return error
}

/** The failure of a call whose two peers have different schemas, as its caller finds it. */
export function refuseSkew(message: string, skew: Skew, maybeExecuted: boolean): SkewError {
  const error = new SkewError(message, skew, maybeExecuted)
  refusals.add(error)
  return error
}

const gone = shareRegistry('gone.1', () => new WeakSet<Error>())

/** The failure of a call to a peer that has ended: under its id nobody will ever answer again. */
export function refuseGone(message: string, options?: NetgenErrorOptions): NetgenError {
  const error = refuse('unavailable', message, options)
  gone.add(error)
  return error
}

/** Whether a failure says that the peer has ended. */
export function isGone(error: Error): boolean {
  return gone.has(error)
}

const misfits = new WeakSet<Error>()

/** The failure of what does not fit the schema of the peer that looks at it; the other side's schema may say otherwise. */
export function refuseMisfit(code: ErrorCode, message: string, options?: NetgenErrorOptions): NetgenError {
  const error = refuse(code, message, options)
  misfits.add(error)
  return error
}

/** Whether a failure is that something did not fit the schema here. */
export function isMisfit(error: unknown): error is NetgenError {
  return typeof error === 'object' && error !== null && misfits.has(error as Error)
}

/** Whether netgen found the failure itself: then the frames of its stack are netgen's, and of no use to the caller. */
export function isRefusal(error: unknown): error is NetgenError {
  return typeof error === 'object' && error !== null && refusals.has(error as Error)
}
