import type { Logger } from '../api/logger.js'
import { DeclaredError } from '../errors/declared-error.js'
import { isInstance, readProperty } from '../errors/is-error.js'
import { isMisfit, isRefusal } from '../errors/refuse.js'
import { isJoined } from '../traceback/join-traceback.js'
import { type EncodeData, keepData } from '../wire/describe-class.js'
import type { ErrorRecord } from '../wire/error-record.js'
import type { ArrivedCall } from '../wire/exchange.js'
import type { ConnectedConnection } from './connected-connection.js'
import type { Connections } from './connections.js'
import { describeLeaving, findErrorId, type TellingPeer } from './describe-leaving.js'
import type { CallScope } from './scope/call-scope.js'

/** What reporting needs of the peer. */
export interface ReportOptions extends TellingPeer {
  readonly connections: Connections
  readonly logger: Logger
}

/** Logs what ended a call that arrived, whole, and writes down what its caller may know of it. Never throws. */
export function reportFailure(
  options: ReportOptions,
  thrown: unknown,
  call: ArrivedCall,
  scope: CallScope,
): ErrorRecord {
  const { connections, logger, errorPolicy } = options
  const { tag, caller } = call
  const errorId = findErrorId(thrown) ?? scope.errorId
  const isDeclared = (error: unknown): boolean => declares(connections.find(tag), error)
  const disclosure = errorPolicy.disclose(caller, { tag, error: thrown, isDeclared: isDeclared(thrown) })
  const isOwn = isOfTheCall(thrown, scope)
  logFailure(logger, thrown, isOwn || disclosure === 'stack', { errorId, tag, caller: caller?.id })
  return describeLeaving(options, thrown, {
    tag,
    caller,
    errorId,
    disclosure,
    isOwn,
    isDeclared,
    maybeExecuted: scope.maybeExecuted,
    digest: isCallersMisfit(thrown) ? connections.find(tag)?.descriptor.digest : undefined,
    encodeData: findEncodeData(connections, tag),
  })
}

function declares(connection: ConnectedConnection | undefined, error: unknown): boolean {
  if (connection === undefined || !isInstance(error, DeclaredError)) return false
  const name = readProperty(error, 'errorName')
  return connection.descriptor.errors.some(({ errorName }) => errorName === name)
}

/** Whether netgen found it before the handler ran, or in its stead: then it tells of nothing but the call and its input. */
function isOfTheCall(thrown: unknown, scope: CallScope): boolean {
  if (!isRefusal(thrown) || isJoined(thrown) || thrown.code === 'internal') return false
  // A user's codec may have said why.
  if (thrown.cause !== undefined) return false
  return !scope.maybeExecuted || scope.stopped !== undefined
}

/** Whether what the caller sent is not what the schema says here. Its own calls' inputs a handler has checked itself. */
function isCallersMisfit(thrown: unknown): boolean {
  return isMisfit(thrown) && !isJoined(thrown) && thrown.code !== 'internal'
}

function logFailure(logger: Logger, thrown: unknown, isTold: boolean, fields: Record<string, unknown>): void {
  const entry = { ...fields, error: thrown }
  // What the caller did wrong, and what the schema declares, are no faults of this peer; but the log has what was not told.
  if (!isExpected(thrown)) logger.error('a handler failed', entry)
  else if (isTold) logger.debug('a call was refused', entry)
  else logger.warn('a call was refused', entry)
}

function isExpected(thrown: unknown): boolean {
  // A refusal that was joined is one of the handler's own calls, which it should have known how to make.
  return isInstance(thrown, DeclaredError) || (isRefusal(thrown) && !isJoined(thrown) && thrown.code !== 'internal')
}

function findEncodeData(connections: Connections, tag: string): EncodeData {
  const errors = connections.find(tag)?.errors
  return errors === undefined ? keepData : (name, data) => errors.encodeData(name, data)
}
