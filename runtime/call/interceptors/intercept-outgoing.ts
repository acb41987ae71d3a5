import type { CallTarget } from '../../api/call.js'
import { ContextValues } from '../../api/context-values.js'
import type { Interceptor, OutgoingCall } from '../../api/interceptor.js'
import type { Logger } from '../../api/logger.js'
import type { Peer } from '../../api/peer.js'
import { checkPart } from '../../validation/check-value.js'
import { Metadata } from '../../wire/metadata.js'
import type { ConnectedConnection } from '../connected-connection.js'
import type { CallScope } from '../scope/call-scope.js'
import { refuseInput } from '../streams/input-items.js'
import { toAsyncIterable } from '../streams/iterate.js'
import { ViewedOutgoingCall } from './intercepted-call.js'
import { recheckPart } from './recheck-part.js'
import { runInterceptors } from './run-interceptors.js'

/** What stands around the calls that a peer makes. */
export interface OutgoingInterception {
  readonly interceptors: readonly Interceptor<OutgoingCall>[]
  readonly peer: Peer
  readonly logger: Logger
}

/** The call that interceptors of the caller stand around. */
export interface OutgoingParts {
  readonly connection: ConnectedConnection
  readonly input: unknown
  /** As the caller said it; undefined: here. */
  readonly target: CallTarget | undefined
  readonly scope: CallScope
}

/** Makes the call, with an input as the application has it. What it throws is what the caller gets to see. */
export type MakeCall = (input: unknown, metadata: Metadata) => Promise<unknown>

/**
 * Runs a call that is made here through the caller's interceptors. Its input is checked first, and what interceptors made of
 * input or output is checked again.
 */
export async function interceptOutgoing(
  { interceptors, peer, logger }: OutgoingInterception,
  { connection, input, target, scope }: OutgoingParts,
  makeCall: MakeCall,
): Promise<unknown> {
  const { tag, descriptor } = connection
  const checks = await connection.checks.get()
  // A stream is checked item by item, where it is read.
  const given = descriptor.input === 'stream' ? toAsyncIterable(input) : checkPart(tag, 'input', checks, input)
  if (given === undefined && descriptor.input === 'stream') throw refuseInput(tag, input)
  const parts = { tag, connection: descriptor, values: new ContextValues(), peer, logger, scope }
  const call = new ViewedOutgoingCall(parts, given, new Metadata(), target)
  const output = await runInterceptors(interceptors, call, scope, async (inner) => {
    if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
    const changed = descriptor.input === 'stream' ? inner.input : recheckPart(tag, 'input', checks, inner.input)
    return makeCall(changed, inner.metadata)
  })
  return descriptor.output === 'stream' ? output : recheckPart(tag, 'output', checks, output)
}
