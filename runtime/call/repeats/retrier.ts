import { parseAddress, printAddress } from '../../api/address.js'
import type { CallTarget } from '../../api/call.js'
import { isInstance } from '../../errors/is-error.js'
import { isGone, isRefusal, refuse } from '../../errors/refuse.js'
import { RemoteFailure } from '../remote-failure.js'
import { type CallScope, PEER_CLOSED } from '../scope/call-scope.js'
import { RetryBudgets } from './retry-budgets.js'

/** The longest wait before the second attempt, in milliseconds; it doubles with each one. The wait is any time up to it. */
const FIRST_DELAY_MS = 50

const MAX_DELAY_MS = 1_000

/** A call whose first attempt has failed. */
export interface FailedCall {
  readonly target: CallTarget
  readonly scope: CallScope
  /** Whether its handler may run more than once. */
  readonly isIdempotent: boolean
  /** How long it may be repeated, in milliseconds. */
  readonly retryMs: number
  /** How many calls this peer has made, to any target. */
  readonly callsMade: number
  readonly attempt: () => unknown
}

/**
 * Makes further attempts at calls that failed, where that is safe: what certainly did not run may be repeated, and of idempotent
 * connections also what may have run. Waits grow and are random; each target has a budget of repeats; nothing outlasts the call's
 * one deadline.
 */
export class Retrier {
  readonly #budgets = new RetryBudgets()
  readonly #waiting = new Set<CallScope>()
  #isClosed = false

  /** The output of the first attempt that succeeds. Throws the last failure, with the number of attempts where there were more. */
  async repeat(failure: unknown, call: FailedCall): Promise<unknown> {
    const { scope } = call
    const endsAtMs = Math.min(performance.now() + call.retryMs, scope.expiresAtMs)
    let thrown = failure
    let maybeExecuted = false
    for (let attempts = 1; ; attempts++) {
      maybeExecuted ||= readMaybeExecuted(thrown)
      // Another peer may be better off than the one that failed.
      const waitMs = Math.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1))
      const delayMs = scope.choice?.hasOther === true ? 0 : waitMs
      const isInTime = performance.now() + delayMs < endsAtMs
      if (!isInTime || !this.#mayRepeat(thrown, call)) throw tellAttempts(thrown, attempts, maybeExecuted)
      if (!this.#budgets.take(printTarget(call.target), call.callsMade)) {
        throw tellAttempts(
          thrown,
          attempts,
          maybeExecuted,
          ', and no more now: too many calls to it are being repeated',
        )
      }
      scope.maybeExecuted = maybeExecuted
      try {
        await this.#wait(delayMs, scope)
        return await call.attempt()
      } catch (error) {
        thrown = error
      }
    }
  }

  /** Ends the waits: what is repeated later fails as it did. */
  close(): void {
    this.#isClosed = true
    for (const scope of this.#waiting) scope.stop(PEER_CLOSED)
  }

  #mayRepeat(thrown: unknown, { target, scope, isIdempotent }: FailedCall): boolean {
    if (this.#isClosed || scope.stopped !== undefined) return false
    // What listens at an address may be another peer soon; under an id, nobody else will ever be.
    const isBound = scope.choice === undefined && (typeof target !== 'string' || parseAddress(target) === undefined)
    if (isInstance(thrown, RemoteFailure)) {
      if (isBound || !isUnrunRefusal(thrown)) return false
      return thrown.record.code === 'unavailable' || (scope.choice?.hasOther === true && isOwnTo(thrown))
    }
    if (!isRefusal(thrown) || thrown.code !== 'unavailable' || (isBound && isGone(thrown))) return false
    return isIdempotent || !thrown.maybeExecuted
  }

  #wait(delayMs: number, scope: CallScope): Promise<void> {
    this.#waiting.add(scope)
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, delayMs)
      scope.onStop((reason) => {
        clearTimeout(timer)
        reject(scope.toError(reason))
      })
    }).finally(() => this.#waiting.delete(scope))
  }
}

/** Whether another peer may well answer what this one has refused. */
function isOwnTo({ record }: RemoteFailure): boolean {
  return record.code === 'resource_exhausted' || record.code === 'unimplemented'
}

/** What the other side refused before a handler ran; what a handler throws is the answer, whatever it is. */
function isUnrunRefusal({ record }: RemoteFailure): boolean {
  return record.kind === 'netgen' && !record.maybeExecuted
}

function readMaybeExecuted(thrown: unknown): boolean {
  if (isInstance(thrown, RemoteFailure)) return thrown.record.maybeExecuted
  return isRefusal(thrown) && thrown.maybeExecuted
}

function tellAttempts(thrown: unknown, attempts: number, maybeExecuted: boolean, why = ''): unknown {
  if (attempts === 1 && why === '') return thrown
  const words = ` (after ${attempts} attempt${attempts === 1 ? '' : 's'}${why})`
  if (isRefusal(thrown)) {
    const { code, message, cause } = thrown
    return refuse(code, message + words, { maybeExecuted, ...(cause === undefined ? {} : { cause }) })
  }
  if (!isInstance(thrown, RemoteFailure) || !isUnrunRefusal(thrown)) return thrown
  const { record, origin, declared } = thrown
  return new RemoteFailure({ ...record, message: record.message + words, maybeExecuted }, origin, declared)
}

function printTarget(target: CallTarget): string {
  if (typeof target === 'string') return target
  return 'host' in target ? printAddress(target) : 'any'
}
