import type { ConnectionDescriptor } from '../../api/descriptor.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { isMisfit, refuseSkew } from '../../errors/refuse.js'
import type { Skew, SkewError } from '../../errors/skew-error.js'
import { isJoined } from '../../traceback/join-traceback.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { InvokerOptions } from '../invoker-options.js'
import type { CallScope } from '../scope/call-scope.js'
import { type AskOptions, askDigest } from './ask-digest.js'

/** What finding out about the callee's schema needs of the peer. */
export type SkewOptions = AskOptions & Pick<InvokerOptions, 'label'>

/** A connection or an event, as one side has it. */
export type Side = Pick<ConnectionDescriptor, 'tag' | 'digest'>

/**
 * A failure that another peer wrote down, as this one tells of it: only here are both digests known. `own` is what it was about, as
 * this side has it, and `peer` the other one in words.
 */
export function tellSkew(record: ErrorRecord, own: Side, peer: string): ErrorRecord {
  const { digest: callee, ...rest } = record
  const { tag, digest: caller } = own
  if (callee === undefined || callee === caller) return record
  const skew = { tag, caller, callee }
  const message = printSkew(record.message, skew, peer)
  return { ...rest, kind: 'netgen', name: 'SkewError', code: 'failed_precondition', message, skew }
}

/**
 * What a call that threw failed with where its answer is not what the caller's schema says: a `SkewError` where the callee, which is
 * asked for it, has another schema. undefined for any other failure. Never rejects, and takes no longer than the call may.
 */
export async function explainMisfit(
  thrown: unknown,
  { tag, digest: caller }: Side,
  peer: RemotePeer | undefined,
  options: SkewOptions,
  scope: CallScope,
): Promise<SkewError | undefined> {
  const isMisfitAnswer = isMisfit(thrown) && thrown.code === 'internal' && !isJoined(thrown)
  if (!isMisfitAnswer || peer === undefined) return undefined
  const callee = await askDigest(options, peer, tag, scope)
  if (callee === undefined || callee === caller) return undefined
  const skew = { tag, caller, callee }
  return refuseSkew(printSkew(thrown.message, skew, options.label(peer)), skew, thrown.maybeExecuted)
}

function printSkew(problem: string, { tag, caller, callee }: Skew, peer: string): string {
  return `${problem}; the schema of ${tag} is ${callee} at ${peer} and ${caller} here: build both peers from the same one`
}
