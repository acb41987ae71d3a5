import type { IncomingCall, Interceptor } from '../../api/interceptor.js'
import type { Logger } from '../../api/logger.js'
import type { ConnectionChecks } from '../../validation/validate.js'
import type { CallContext } from '../call-context.js'
import type { ConnectedConnection } from '../connected-connection.js'
import type { CallScope } from '../scope/call-scope.js'
import { isAsyncFunction, isFollowingCheap } from '../scope/running-call.js'
import { recheckItems } from '../streams/recheck-items.js'
import { ViewedIncomingCall } from './intercepted-call.js'
import { recheckPart } from './recheck-part.js'
import { runInterceptors } from './run-interceptors.js'

/** What stands around the handlers of a peer. */
export interface IncomingInterceptors {
  readonly list: readonly Interceptor<IncomingCall>[]
  /** Whether what they call behind an await is part of the call. */
  readonly areFollowed: boolean
}

/** Where following costs something, only those are followed that are sure to await: as with handlers. */
export function createIncomingInterceptors(list: readonly Interceptor<IncomingCall>[]): IncomingInterceptors {
  return { list, areFollowed: isFollowingCheap || list.some(isAsyncFunction) }
}

/** What stands around a handler, and what the call at hand brought for it. */
export interface IncomingInterception {
  readonly interceptors: IncomingInterceptors
  readonly metadata: ReadonlyMap<string, string>
}

/** The call that interceptors of the callee stand around. */
export interface IncomingParts {
  readonly connection: ConnectedConnection
  readonly context: CallContext
  readonly scope: CallScope
  readonly logger: Logger
}

/**
 * Runs a call that is answered here through the callee's interceptors. `run` gets the input, and gives the output, as the
 * application has them; what interceptors made of either is checked again.
 */
export async function interceptIncoming(
  { interceptors, metadata }: IncomingInterception,
  { connection, context, scope, logger }: IncomingParts,
  checks: ConnectionChecks,
  input: unknown,
  run: (input: unknown) => unknown,
): Promise<unknown> {
  const { tag, values, peer, caller } = context
  const { descriptor } = connection
  const parts = { tag, connection: descriptor, values, peer, logger, scope }
  const call = new ViewedIncomingCall(parts, input, metadata, caller)
  const output = await runInterceptors(interceptors.list, call, scope, async (inner) => {
    if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
    if (descriptor.input !== 'stream') return run(recheckPart(tag, 'input', checks, inner.input))
    // What has arrived is checked already, item by item, where it is read.
    return run(inner.input === input ? input : recheckItems(tag, checks, inner.input))
  })
  return descriptor.output === 'stream' ? output : recheckPart(tag, 'output', checks, output)
}
