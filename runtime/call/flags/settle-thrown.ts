import type { RemotePeer } from '../../api/remote-peer.js'
import type { InvokerOptions } from '../invoker-options.js'
import { explainMisfit, type SkewOptions } from '../skew/explain-skew.js'
import type { EndedCall } from './flag-handlers.js'

/** What settling a call needs of the peer. */
export type SettleOptions = SkewOptions & Pick<InvokerOptions, 'flags' | 'self'>

/**
 * What a call ends with that threw: what the flag means here that it ended with; else it throws, and says so where the schemas of
 * the two peers are the reason.
 *
 * @param callee Whom it was sent to; `undefined`: to oneself.
 */
export async function settleThrown(
  options: SettleOptions,
  thrown: unknown,
  { connection, scope }: Pick<EndedCall, 'connection' | 'scope'>,
  callee: RemotePeer | undefined,
): Promise<unknown> {
  const { flags, self } = options
  const flag = flags.find(thrown)
  if (flag !== undefined) return flags.settle(flag, { connection, scope, peer: callee ?? self() })
  // What was thrown is anything, and stays out of promises: one would look for its `then`.
  throw (await explainMisfit(thrown, connection.descriptor, callee, options, scope)) ?? thrown
}
