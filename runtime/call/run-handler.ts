import type { Logger } from '../api/logger.js'
import { checkPart, decodePart, encodePart } from '../validation/check-value.js'
import type { ConnectionChecks } from '../validation/validate.js'
import type { CallContext } from './call-context.js'
import type { BoundHandler, ConnectedConnection } from './connected-connection.js'
import { type IncomingInterception, interceptIncoming } from './interceptors/intercept-incoming.js'
import type { CallScope } from './scope/call-scope.js'
import { isFollowingCheap, runWithin } from './scope/running-call.js'

/** How values come and go: as they travel, or as the application has them. */
export type ValueForm = 'wire' | 'application'

/** What one run of a handler needs. */
export interface HandlerRun {
  readonly connection: ConnectedConnection
  readonly handler: BoundHandler
  readonly input: unknown
  /** How the input comes, and the output is wanted. */
  readonly form: ValueForm
  readonly context: CallContext
  readonly scope: CallScope
  readonly logger: Logger
  /** What stands around the handler; undefined: nothing. */
  readonly interception: IncomingInterception | undefined
}

/**
 * Runs a connection's handler here, between the checks of its input and of its output. The same for local calls and for
 * calls that arrived. Answers at once where the checks are loaded and the handler does.
 *
 * Throws, or rejects with, what the handler throws, untouched; a refusal where a check fails; or the scope's reason when it is
 * stopped first. A handler that fails after that is logged, since nobody waits for it any more.
 */
export function runHandler(run: HandlerRun): unknown {
  const checks = run.connection.checks.get()
  return checks instanceof Promise ? checks.then((loaded) => runChecked(run, loaded)) : runChecked(run, checks)
}

function runChecked(run: HandlerRun, checks: ConnectionChecks): unknown {
  const { connection, input, form, scope, interception } = run
  const { tag } = connection
  const taken = form === 'wire' ? decodePart(tag, 'input', checks, input) : checkPart(tag, 'input', checks, input)
  if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
  return interception === undefined ? start(run, checks, taken, form) : runIntercepted(run, checks, taken, interception)
}

/** Interceptors have values as the application does, on the way in and on the way out. */
function runIntercepted(
  run: HandlerRun,
  checks: ConnectionChecks,
  taken: unknown,
  interception: IncomingInterception,
): Promise<unknown> {
  const inner = (changed: unknown): unknown => start(run, checks, changed, 'application')
  const intercept = (): Promise<unknown> => interceptIncoming(interception, run, checks, taken, inner)
  const output = runWithin(run.scope, interception.interceptors.areFollowed, intercept, undefined, undefined)
  return output.then((value) => checkOutput(run, checks, value, run.form))
}

function start(run: HandlerRun, checks: ConnectionChecks, input: unknown, form: ValueForm): unknown {
  const { connection, handler, context, scope } = run
  scope.maybeExecuted = true
  const output = runWithin(scope, connection.answersLater ?? isFollowingCheap, handler, input, context)
  const isLater = isPromiseLike(output)
  connection.answersLater ||= isLater
  return isLater ? checkLater(run, checks, output, form) : checkOutput(run, checks, output, form)
}

function checkLater(
  run: HandlerRun,
  checks: ConnectionChecks,
  output: PromiseLike<unknown>,
  form: ValueForm,
): Promise<unknown> {
  return waitFor(output, run).then((value) => checkOutput(run, checks, value, form))
}

function checkOutput(
  { connection: { tag } }: HandlerRun,
  checks: ConnectionChecks,
  output: unknown,
  form: ValueForm,
): unknown {
  // What a handler answers where nothing is declared stays here.
  if (checks.output === null) return undefined
  return form === 'wire' ? encodePart(tag, 'output', checks, output) : checkPart(tag, 'output', checks, output)
}

function waitFor(output: PromiseLike<unknown>, { connection: { tag }, scope, logger }: HandlerRun): Promise<unknown> {
  const handled = Promise.resolve(output)
  handled.catch((error: unknown) => {
    // A handler that gives up with its signal's reason did what it should.
    if (scope.stopped !== undefined && error !== scope.signal.reason) {
      logger.warn('a handler failed after its call had ended', { errorId: scope.errorId, tag, error })
    }
  })
  return scope.race(handled)
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
