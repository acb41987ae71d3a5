import type { Context } from '../api/context.js'
import type { Logger } from '../api/logger.js'
import { checkValue } from '../validation/check-value.js'
import type { CallScope } from './call-scope.js'
import type { BoundHandler, ConnectedConnection } from './connected-connection.js'

/**
 * Runs a connection's handler here, between the checks of its input and of its output. The same for local calls and for
 * calls that arrived.
 *
 * Throws what the handler throws, untouched; a refusal where a check fails; or the scope's reason when it is stopped first.
 * A handler that fails after that is logged, since nobody waits for it any more.
 */
export async function runHandler(
  connection: ConnectedConnection,
  handler: BoundHandler,
  input: unknown,
  context: Context,
  scope: CallScope,
  logger: Logger,
): Promise<unknown> {
  const checks = await connection.checks.get()
  checkValue(connection.tag, 'input', checks.input, input)
  if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
  scope.maybeExecuted = true
  const running = handler(input, context)
  const output = isPromiseLike(running) ? await waitFor(running, connection.tag, scope, logger) : running
  // What a handler answers where nothing is declared stays here.
  if (checks.output === null) return undefined
  checkValue(connection.tag, 'output', checks.output, output)
  return output
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
