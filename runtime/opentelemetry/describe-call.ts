import { parseAddress } from '../api/address.js'
import type { InterceptedCall, OutgoingCall } from '../api/interceptor.js'
import type { ErrorCode } from '../errors/codes.js'
import type { Attributes } from './api.js'

/** What a span says of a call before it runs: the attributes of the semantic conventions for RPC, version 1.44.0. */
export function describeCall(call: InterceptedCall): Attributes {
  const method = call.connection.tag
  return {
    'rpc.system.name': 'netgen',
    'rpc.method': method,
    ...(call.tag !== method && { 'rpc.method_original': call.tag }),
    ...(call.side === 'caller' && describeTarget(call)),
  }
}

function describeTarget({ target }: OutgoingCall): Attributes {
  const address = typeof target === 'string' ? parseAddress(target) : target
  // Which one was chosen is known only later.
  return address === undefined || !('host' in address)
    ? {}
    : { 'server.address': address.host, 'server.port': address.port }
}

/**
 * The codes that count as the callee's failures: the same as the conventions have for Connect RPC, which has the same sixteen. At
 * the caller every code does.
 */
const CALLEE_FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unknown',
  'deadline_exceeded',
  'unimplemented',
  'internal',
  'unavailable',
  'data_loss',
])

/** Whether a span ends in error. */
export function isFailure(side: InterceptedCall['side'], code: ErrorCode): boolean {
  return side === 'caller' || CALLEE_FAILURES.has(code)
}
