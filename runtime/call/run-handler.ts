import type { Context } from '../api/context.js'
import type { Logger } from '../api/logger.js'
import { decodePart, encodePart, type Part } from '../validation/check-value.js'
import type { ConnectionChecks } from '../validation/validate.js'
import type { CallScope } from './call-scope.js'
import type { BoundHandler, ConnectedConnection } from './connected-connection.js'

/** How values come and go: as they travel, or as the application has them. */
export type ValueForm = 'wire' | 'application'

/**
 * Runs a connection's handler here, between the checks of its input and of its output. The same for local calls and for
 * calls that arrived; `form` says how the input comes and the output is wanted.
 *
 * Throws what the handler throws, untouched; a refusal where a check fails; or the scope's reason when it is stopped first.
 * A handler that fails after that is logged, since nobody waits for it any more.
 */
export async function runHandler(
  connection: ConnectedConnection,
  handler: BoundHandler,
  input: unknown,
  form: ValueForm,
  context: Context,
  scope: CallScope,
  logger: Logger,
): Promise<unknown> {
  const checks = await connection.checks.get()
  const { tag } = connection
  const taken = form === 'wire' ? decodePart(tag, 'input', checks, input) : checkPart(tag, 'input', checks, input)
  if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
  scope.maybeExecuted = true
  const running = handler(taken, context)
  const output = isPromiseLike(running) ? await waitFor(running, tag, scope, logger) : running
  // What a handler answers where nothing is declared stays here.
  if (checks.output === null) return undefined
  return form === 'wire' ? encodePart(tag, 'output', checks, output) : checkPart(tag, 'output', checks, output)
}

/** A value that stays in this process: it has to be one that could travel, and is handed over as it is. */
function checkPart(tag: string, part: Part, checks: ConnectionChecks, value: unknown): unknown {
  encodePart(tag, part, checks, value)
  return value
}

function waitFor(running: PromiseLike<unknown>, tag: string, scope: CallScope, logger: Logger): Promise<unknown> {
  const handled = Promise.resolve(running)
  handled.catch((error: unknown) => {
    // A handler that gives up with its signal's reason did what it should.
    if (scope.stopped !== undefined && error !== scope.signal.reason)
      logger.warn('a handler failed after its call had ended', { tag, error })
  })
  return scope.race(handled)
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
