import { isInstance } from '../../errors/is-error.js'
import type { FlagChecks } from '../../validation/validate.js'
import type { ArrivedCall, WireAnswer } from '../../wire/exchange.js'
import { type ReportOptions, reportFailure } from '../report-failure.js'
import type { CallScope } from '../scope/call-scope.js'
import { writeFlagData } from '../wire-values.js'
import { findFlagChecks } from './flag-checks.js'
import { RaisedFlag } from './raised-flag.js'

/**
 * The answer to a call that ended by a throw: the flag that its handler raised, or an error. At once, unless the checks of a flag
 * are still to be loaded. Never throws, and never rejects.
 *
 * A flag's data leave whole: its handler has said them to its caller, as it would an output.
 */
export function answerThrown(
  options: ReportOptions,
  thrown: unknown,
  call: ArrivedCall,
  scope: CallScope,
): WireAnswer | Promise<WireAnswer> {
  const fail = (failure: unknown): WireAnswer => ({
    ok: false,
    error: reportFailure(options, failure, call, scope),
  })
  if (!isInstance(thrown, RaisedFlag)) return fail(thrown)
  const { flag: tag, data, descriptor } = thrown
  options.logger.debug('a call ended with a flag', { tag: call.tag, flag: tag, caller: call.caller?.id })
  const write = (checks: FlagChecks): WireAnswer => {
    try {
      return { ok: false, flag: { tag, data: writeFlagData(tag, checks, data) } }
    } catch (refusal) {
      return fail(refusal)
    }
  }
  const checks = findFlagChecks(descriptor).get()
  return checks instanceof Promise ? checks.then(write, fail) : write(checks)
}
