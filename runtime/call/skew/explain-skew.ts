import type { ConnectionDescriptor } from '../../api/descriptor.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { isMisfit, refuseSkew } from '../../errors/refuse.js'
import type { Skew } from '../../errors/skew-error.js'
import { isJoined } from '../../traceback/join-traceback.js'
import type { ErrorRecord } from '../../wire/error-record.js'
import type { InvokerOptions } from '../invoker-options.js'
import { type AskOptions, askDigest } from './ask-digest.js'

/** What finding out about the callee's schema needs of the peer. */
export type SkewOptions = AskOptions & Pick<InvokerOptions, 'label'>

/** A failure that the callee wrote down, as the caller tells of it: it alone knows both digests. `peer` is the callee in words. */
export function explainRefusal(record: ErrorRecord, descriptor: ConnectionDescriptor, peer: string): ErrorRecord {
  const { digest: callee, ...rest } = record
  if (callee === undefined || callee === descriptor.digest) return record
  const { tag, digest: caller } = descriptor
  const skew = { tag, caller, callee }
  const message = printSkew(record.message, skew, peer)
  return { ...rest, kind: 'netgen', name: 'SkewError', code: 'failed_precondition', message, skew }
}

/**
 * The failure of a call whose answer is not what the caller's schema says: a `SkewError` where the callee, which is asked for
 * it, has another schema. Any other failure stays as it is. Never rejects.
 */
export async function explainMisfit(
  thrown: unknown,
  { tag, digest: caller }: ConnectionDescriptor,
  peer: RemotePeer | undefined,
  options: SkewOptions,
): Promise<unknown> {
  const isMisfitAnswer = isMisfit(thrown) && thrown.code === 'internal' && !isJoined(thrown)
  if (!isMisfitAnswer || peer === undefined) return thrown
  const callee = await askDigest(options, peer, tag)
  if (callee === undefined || callee === caller) return thrown
  const skew = { tag, caller, callee }
  return refuseSkew(printSkew(thrown.message, skew, options.label(peer)), skew, thrown.maybeExecuted)
}

function printSkew(problem: string, { tag, caller, callee }: Skew, peer: string): string {
  return `${problem}; the schema of ${tag} is ${callee} at ${peer} and ${caller} here: build both peers from the same one`
}
