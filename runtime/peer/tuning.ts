import type { DisclosureRule, MapError } from '../api/error-options.js'
import type { LogLevel } from '../api/logger.js'
import type { PeerChanges } from '../api/peer.js'
import { checkPeriodMs, checkTimeoutMs } from '../call/scope/timeouts.js'
import { isDisclosure } from '../errors/disclosure.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { hintAt } from '../errors/suggest.js'
import { isLogLevel, LOG_LEVELS } from './log-level.js'

/** What may change while a peer runs. What is read at each call, or at each error, is read from here. */
export interface Tuning {
  timeoutMs: number
  retryMs: number
  drainMs: number
  disclosure: DisclosureRule | undefined
  mapError: MapError | undefined
}

/** Changes that can be made. */
export interface CheckedChanges {
  readonly tuning: Partial<Tuning>
  readonly logLevel: LogLevel | undefined
}

const KNOWN: readonly (keyof PeerChanges)[] = ['timeoutMs', 'retryMs', 'drainMs', 'disclosure', 'mapError', 'logLevel']

/** Checks changes, all of them before any is made. Throws `invalid_argument` for an unknown option or a value that it does not take. */
export function readChanges(changes: PeerChanges): CheckedChanges {
  for (const key of Object.keys(changes)) if (!KNOWN.some((known) => known === key)) throw refuseOption(key)
  const { timeoutMs, retryMs, drainMs, disclosure, mapError, logLevel } = changes
  if (disclosure !== undefined) checkDisclosure('configure', disclosure)
  if (mapError !== undefined) checkMapError('configure', mapError)
  if (logLevel !== undefined && !isLogLevel(logLevel)) {
    throw refuseValue('configure', 'logLevel', logLevel, `one of ${LOG_LEVELS.join(', ')}`)
  }
  return {
    tuning: {
      ...(timeoutMs !== undefined && { timeoutMs: checkTimeoutMs(timeoutMs) }),
      ...(retryMs !== undefined && { retryMs: checkPeriodMs('retryMs', retryMs) }),
      ...(drainMs !== undefined && { drainMs: checkPeriodMs('drainMs', drainMs) }),
      ...(disclosure !== undefined && { disclosure }),
      ...(mapError !== undefined && { mapError }),
    },
    logLevel,
  }
}

/** Throws `invalid_argument` for what says nothing about how much callers are told. */
export function checkDisclosure(of: string, value: unknown): void {
  if (typeof value === 'function' || isDisclosure(value)) return
  throw refuseValue(of, 'disclosure', value, '"stack", "message", "none" or a function')
}

/** Throws `invalid_argument` for what is no function. */
export function checkMapError(of: string, value: unknown): void {
  if (typeof value !== 'function') throw refuseValue(of, 'mapError', value, 'a function')
}

/** The error for a value that an option of `createPeer` or `configure` does not take. */
export function refuseValue(of: string, key: string, value: unknown, expected: string): Error {
  return refuse('invalid_argument', `option ${key} of ${of} is ${printValue(value)}, expected ${expected}`)
}

function refuseOption(key: string): Error {
  const hint = hintAt(key, KNOWN)
  return refuse('invalid_argument', `option ${printValue(key)} of configure cannot be changed, or is unknown: ${hint}`)
}
