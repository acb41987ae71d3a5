import { cleanLine } from '../../../errors/clean-text.js'
import type { ErrorCode } from '../../../errors/codes.js'
import { isRefusal, refuse } from '../../../errors/refuse.js'

/** An error as JetStream's servers write it: `ApiError` of its API. */
export interface ApiError {
  readonly code: number
  readonly err_code: number
  readonly description: string
}

const START_JETSTREAM = 'start nats-server with -js, or with jetstream in its configuration'

/** What codes of the server's errors.json mean here, and what to do. */
const MEANINGS: ReadonlyMap<number, readonly [ErrorCode, string]> = new Map([
  // JSAccountResourcesExceededErr, JSStorageResourcesExceededErr, JSMemoryResourcesExceededErr, JSInsufficientResourcesErr
  [10002, ['resource_exhausted', 'give its account more storage']],
  [10047, ['resource_exhausted', 'give the engine more storage, or lower durable.maxBytes']],
  [10028, ['resource_exhausted', 'give the engine more storage']],
  [10023, ['resource_exhausted', 'give the engine more storage']],
  // JSStreamMessageExceedsMaximumErr, JSStreamStoreFailedF
  [10054, ['resource_exhausted', "raise its stream's max_msg_size, or send a reference"]],
  [10077, ['resource_exhausted', "raise its stream's limits, or wait until events are old"]],
  // JSNotEnabledErr, JSNotEnabledForAccountErr
  [10076, ['failed_precondition', START_JETSTREAM]],
  [10039, ['failed_precondition', 'enable JetStream for the account of this peer']],
  // JSNoPeersErrF (clustered), JSStreamReplicasNotSupportedErr
  [10005, ['failed_precondition', 'lower durable.replicas to the number of its servers']],
  [10074, ['failed_precondition', 'replicas take a cluster: leave durable.replicas out, or start one']],
  // JSClusterNotAvailErr, JSClusterNotLeaderErr, JSStreamOfflineErr
  [10008, ['unavailable', 'try again']],
  [10009, ['unavailable', 'try again']],
  [10118, ['unavailable', 'try again']],
])

/** Whether a failure goes away by itself: JetStream looks for another leader. */
export function isPassing({ err_code: code }: ApiError): boolean {
  return MEANINGS.get(code)?.[0] === 'unavailable'
}

/** What a server refuses, as an error: `what` says what became of it. */
export function explainApiError(what: string, { err_code: code, description }: ApiError): Error {
  const [meaning, remedy] = MEANINGS.get(code) ?? (['internal', `its error ${code}`] as const)
  return refuse(meaning, `${what}: the engine says ${cleanLine(description)}: ${remedy}`)
}

/** The same of whatever asking a server ended with. */
export function explainFailure(what: string, failure: unknown): Error {
  if (isRefusal(failure)) return failure
  const all = [failure, (failure as { readonly cause?: unknown } | undefined)?.cause]
  const named = (name: string): boolean => all.some((some) => (some as Partial<Error> | undefined)?.name === name)
  for (const some of all) {
    const api = (some as { readonly apiError?: () => ApiError } | undefined)?.apiError
    if (typeof api === 'function') return explainApiError(what, api.call(some))
  }
  if (named('JetStreamNotEnabled')) {
    return refuse('failed_precondition', `${what}: the engine has no JetStream: ${START_JETSTREAM}`, { cause: failure })
  }
  if (named('PermissionViolationError')) {
    const { message } = failure as Error
    const remedy = '`netgen doctor --group name --permissions --durable` prints what its user needs'
    return refuse('permission_denied', `${what}: the engine does not permit it: ${cleanLine(message)}: ${remedy}`)
  }
  const reason = failure instanceof Error ? cleanLine(failure.message) : 'it gives no reason'
  return refuse('unavailable', `${what}: the engine does not answer: ${reason}`, { cause: failure })
}
