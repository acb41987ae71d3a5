import type { InterceptedCall, Interceptor } from '../api/interceptor.js'
import type { Logger } from '../api/logger.js'
import { FlagError } from '../errors/flag-error.js'
import { isInstance } from '../errors/is-error.js'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { describePeer } from '../peer/describe-peer.js'
import { readErrorCode } from './error-code.js'
import { watchCall } from './watch-call.js'
import type { Failure } from './watch-items.js'

/** How calls are logged. */
export interface CallLoggerOptions {
  /** Default: `info`, which the console shows from `NET_LOG=info` on. */
  readonly level?: keyof Logger
}

const LEVELS: readonly (keyof Logger)[] = ['debug', 'info', 'warn', 'error']

/**
 * An interceptor for both sides that writes one entry for each call to the peer's logger: `call ended`, with its side, its tag, the
 * other peer, its duration and its code, which is `ok`, an error's, or `flag` beside the flag's tag. A stream's is written when that has ended, with its number
 * of items. Inputs, outputs, metadata and messages are never written.
 *
 * Throws `invalid_argument` for a level that a logger does not have.
 */
export function createCallLogger({ level = 'info' }: CallLoggerOptions = {}): Interceptor {
  if (!LEVELS.includes(level)) {
    throw refuse('invalid_argument', `level is ${printValue(level)}, expected one of ${LEVELS.join(', ')}`)
  }
  return function logCall(call, next) {
    const startedAtMs = performance.now()
    return watchCall(call, next, {
      onEnd: ({ failure, inputItems, outputItems }) => {
        const peer = nameOtherPeer(call)
        call.logger[level]('call ended', {
          side: call.side,
          tag: call.tag,
          ...(peer !== undefined && { peer }),
          durationMs: Math.round((performance.now() - startedAtMs) * 1_000) / 1_000,
          ...describeEnd(failure),
          ...(inputItems !== undefined && { inputItems }),
          ...(outputItems !== undefined && { outputItems }),
        })
      },
    })
  }
}

function describeEnd(failure: Failure | undefined): { readonly code: string; readonly flag?: string } {
  if (failure === undefined) return { code: 'ok' }
  const { thrown } = failure
  return isInstance(thrown, FlagError) ? { code: 'flag', flag: thrown.flag } : { code: readErrorCode(thrown) }
}

/** The peer that is called, or that calls; undefined for a call of this peer's own. */
function nameOtherPeer(call: InterceptedCall): string | undefined {
  if (call.side === 'callee') return call.caller?.id
  if (typeof call.target !== 'object') return call.target
  return 'host' in call.target ? describePeer(call.target) : 'any'
}
