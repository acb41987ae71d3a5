import type { Logger } from '../api/logger.js'
import { DeclaredError } from '../errors/declared-error.js'
import { isInstance } from '../errors/is-error.js'
import { isRefusal } from '../errors/refuse.js'
import { describeError } from '../wire/describe-error.js'
import type { ErrorRecord } from '../wire/error-record.js'
import type { ArrivedCall } from '../wire/exchange.js'
import type { CallScope } from './call-scope.js'
import type { Connections } from './connections.js'

/** What reporting needs of the peer. */
export interface ReportOptions {
  /** The peer in words, for tracebacks. */
  readonly label: () => string
  readonly connections: Connections
  readonly logger: Logger
}

/** Logs what ended a call that arrived, and writes down what its caller is told. Never throws. */
export function reportFailure(
  { label, connections, logger }: ReportOptions,
  thrown: unknown,
  call: ArrivedCall,
  scope: CallScope,
): ErrorRecord {
  const { errorId, maybeExecuted } = scope
  const fields = { errorId, tag: call.tag, caller: call.caller?.id, error: thrown }
  if (isExpected(thrown)) logger.debug('a call was refused', fields)
  else logger.error('a handler failed', fields)
  const errors = connections.find(call.tag)?.errors
  const failure = { peer: label(), tag: call.tag, errorId, maybeExecuted }
  return describeError(thrown, failure, errors && ((name, data) => errors.encodeData(name, data)))
}

/** What the caller did wrong, and what the schema declares, are no faults of this peer. */
function isExpected(thrown: unknown): boolean {
  return isInstance(thrown, DeclaredError) || (isRefusal(thrown) && thrown.code !== 'internal')
}
